import type { LineageGraph, LineageLink } from './graph.ts';

export type LineageDirection = 'up' | 'down';
/** `direct`: its value is in the other's. `indirect`: it decides rows or values of it. */
export type Reach = 'direct' | 'indirect';

/** Links by their ends: made once for a graph, asked for each column. */
export interface LineageIndex {
  reach(start: { readonly key: string; readonly column: string | null }, direction: LineageDirection): ReachedColumns;
}

/** By node, by column; the column '' stands for its rows. */
export type ReachedColumns = ReadonlyMap<string, ReadonlyMap<string, Reach>>;

interface Step {
  readonly key: string;
  readonly column: string;
  readonly reach: Reach;
}

export function indexLineage(graph: LineageGraph): LineageIndex {
  const ends = {
    up: groupBy(graph.links, ({ to, toColumn }) => [to, toColumn ?? '']),
    down: groupBy(graph.links, ({ from, fromColumn }) => [from, fromColumn]),
  };
  const columns = new Map(graph.nodes.map((node) => [node.key, node.columns.map(({ name }) => name)]));
  return {
    reach: ({ key, column }, direction) => {
      const starts = column === null ? (columns.get(key) ?? []) : [column];
      return walk(
        starts.map((name) => ({ key, column: name, reach: 'direct' })),
        (step) => (direction === 'up' ? above(step, ends.up) : below(step, ends.down)),
      );
    },
  };
}

type ByColumn = ReadonlyMap<string, readonly LineageLink[]>;

/** By node and, within, by the column that stands at that end. */
function groupBy(
  links: readonly LineageLink[],
  end: (link: LineageLink) => readonly [key: string, column: string],
): ReadonlyMap<string, ByColumn> {
  const found = new Map<string, Map<string, LineageLink[]>>();
  for (const link of links) {
    const [key, column] = end(link);
    const inside = found.get(key) ?? new Map<string, LineageLink[]>();
    found.set(key, inside);
    const list = inside.get(column);
    if (list === undefined) inside.set(column, [link]);
    else list.push(link);
  }
  return found;
}

function walk(starts: readonly Step[], next: (step: Step) => readonly Step[]): ReachedColumns {
  const found = new Map<string, Map<string, Reach>>();
  const todo = [...starts];
  for (let step = todo.pop(); step !== undefined; step = todo.pop()) {
    const inside = found.get(step.key) ?? new Map<string, Reach>();
    const known = inside.get(step.column);
    if (known === 'direct' || known === step.reach) continue;
    found.set(step.key, inside);
    inside.set(step.column, step.reach);
    todo.push(...next(step));
  }
  return found;
}

function above({ key, column, reach }: Step, ends: ReadonlyMap<string, ByColumn>): readonly Step[] {
  const inside = ends.get(key);
  const own = inside?.get(column) ?? [];
  const rows = column === '' ? [] : (inside?.get('') ?? []);
  return [
    ...own.map((link) => ({
      key: link.from,
      column: link.fromColumn,
      reach: column === '' ? 'indirect' : after(reach, link),
    })),
    ...rows.map((link): Step => ({ key: link.from, column: link.fromColumn, reach: 'indirect' })),
  ];
}

/** Rows that differ make every reader's rows differ; no column of theirs is told apart then. */
function below({ key, column, reach }: Step, ends: ReadonlyMap<string, ByColumn>): readonly Step[] {
  const inside = ends.get(key);
  if (inside === undefined) return [];
  if (column !== '') {
    return (inside.get(column) ?? []).map((link) => ({
      key: link.to,
      column: link.toColumn ?? '',
      reach: link.toColumn === null ? 'indirect' : after(reach, link),
    }));
  }
  const readers = new Set([...inside.values()].flat().map((link) => link.to));
  return [...readers].map((reader) => ({ key: reader, column: '', reach: 'indirect' }));
}

function after(reach: Reach, link: LineageLink): Reach {
  return reach === 'direct' && link.kind === 'direct' ? 'direct' : 'indirect';
}

/** The nodes in `keep` with the links among them. */
export function partOf(graph: LineageGraph, keep: ReadonlySet<string>): LineageGraph {
  return {
    nodes: graph.nodes.filter(({ key }) => keep.has(key)),
    links: graph.links.filter(({ from, to }) => keep.has(from) && keep.has(to)),
  };
}
