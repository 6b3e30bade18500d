/** What is looked up in DuckDB's syntax tree. Names compare without case, as DuckDB's do. */
export type Node = Readonly<Record<string, unknown>>;

export function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function nodesIn(value: unknown): Node[] {
  return Array.isArray(value) ? value.filter(isNode) : [];
}

export function wordOf(value: unknown): string {
  return typeof value === 'string' ? value.toLowerCase() : '';
}

/** The byte in the text where it is written; null when the tree does not say. */
export function placeIn(value: unknown): number | null {
  const at = isNode(value) ? value['query_location'] : null;
  return typeof at === 'number' && Number.isSafeInteger(at) ? at : null;
}

/** Every node below `value`, itself included; what `skips` names is not entered. */
export function* below(value: unknown, skips: (node: Node) => boolean = () => false): Generator<Node> {
  const todo: unknown[] = [value];
  for (let each = todo.pop(); each !== undefined; each = todo.pop()) {
    if (Array.isArray(each)) todo.push(...each.toReversed());
    else if (isNode(each)) {
      yield each;
      if (!skips(each))
        todo.push(...Object.values(each).filter((child) => typeof child === 'object' && child !== null));
    }
  }
}

/** Equal texts of equal expressions, wherever they stand and whatever they are called. */
export function sameAs(a: unknown, b: unknown): boolean {
  return spelled(a) === spelled(b);
}

function spelled(value: unknown): string {
  return JSON.stringify(value, (key, child: unknown) =>
    key === 'query_location' || key === 'alias' ? undefined : child,
  );
}

/** The parts of a chain of ANDs. */
export function conjuncts(value: unknown): Node[] {
  if (!isNode(value)) return [];
  return value['type'] === 'CONJUNCTION_AND' ? nodesIn(value['children']).flatMap(conjuncts) : [value];
}

/** `a.b.c` of a column reference, as its parts. */
export function columnParts(node: Node): string[] {
  const names = node['class'] === 'COLUMN_REF' ? node['column_names'] : null;
  return Array.isArray(names) ? names.map(wordOf) : [];
}
