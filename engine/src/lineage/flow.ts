import type { LineageEdge, LineageIndirect } from '@datacraft/shared';

export type Edge = LineageEdge;
export type Indirect = LineageIndirect;
/** How the value of an output column is made of an input column. */
export type Direct = NonNullable<Edge['how']>;

/** Edges by what makes them distinct: one direct edge a column, and one of each indirect kind. */
export type Flow = ReadonlyMap<string, Edge>;

export const nothing: Flow = new Map();
const strength: Record<Direct, number> = { identity: 0, transform: 1, aggregate: 2 };

export function flowOfColumn(table: string, column: string): Flow {
  return union([new Map([['', { table, column, kind: 'direct', how: 'identity' }]])]);
}

export function union(flows: readonly Flow[]): Flow {
  if (flows.length === 1 && flows[0] !== undefined && !flows[0].has('')) return flows[0];
  const all = new Map<string, Edge>();
  for (const flow of flows) for (const edge of flow.values()) add(all, edge);
  return all;
}

function add(all: Map<string, Edge>, edge: Edge): void {
  const key = `${edge.kind}\0${edge.table}\0${edge.column}`;
  const known = all.get(key);
  if (known === undefined || (edge.how !== null && known.how !== null && strength[edge.how] > strength[known.how]))
    all.set(key, edge);
}

/** What is read directly is read as `how` at least; what decided it before still does. */
export function through(flow: Flow, how: Direct): Flow {
  if (how === 'identity' || flow.size === 0) return flow;
  return mapped(flow, (edge) => (edge.how === null || strength[edge.how] >= strength[how] ? edge : { ...edge, how }));
}

/** Everything in it decides, as `kind`. */
export function deciding(flow: Flow, kind: Indirect): Flow {
  return mapped(flow, ({ table, column }) => ({ table, column, kind, how: null }));
}

function mapped(flow: Flow, change: (edge: Edge) => Edge): Flow {
  const all = new Map<string, Edge>();
  for (const edge of flow.values()) add(all, change(edge));
  return all;
}
