/** A node of DuckDB's serialized tree. */
export type Node = Readonly<Record<string, unknown>>;

export function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function nodeOf(value: unknown): Node | null {
  return isNode(value) ? value : null;
}

export function nodesOf(value: unknown): readonly Node[] {
  return Array.isArray(value) ? value.filter(isNode) : [];
}

export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

export function textsOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((each) => typeof each === 'string') : [];
}

/** The value of a constant, as text; null for other nodes and for NULL. */
export function constantOf(node: Node | null): string | null {
  if (node?.['class'] !== 'CONSTANT') return null;
  return valueText(nodeOf(node['value']));
}

export function valueText(value: Node | null): string | null {
  const inner = value?.['value'];
  return typeof inner === 'string' || typeof inner === 'number' || typeof inner === 'boolean' ? String(inner) : null;
}

/** The expression that is a whole number, as `order by 2` has it. */
export function positionOf(node: Node): number | null {
  const value = node['class'] === 'CONSTANT' ? nodeOf(node['value'])?.['value'] : undefined;
  return typeof value === 'number' && Number.isInteger(value) ? value : null;
}

/** Nodes directly below, subqueries included. */
export function childrenOf(node: Node): readonly Node[] {
  return Object.values(node).flatMap((value) => (isNode(value) ? [value] : nodesOf(value)));
}
