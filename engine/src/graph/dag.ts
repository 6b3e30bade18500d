/**
 * A directed graph over names. Edge (u, v) means v reads u; `upstream` holds, for each node, what it reads.
 *
 * G1  Nodes have one order, the page order; every answer that leaves a choice open follows it.
 * G2  Edges lead to nodes of the graph; others are dropped by `createDag`.
 * G3  A graph may be cyclic: then `topologicalOrder` says which nodes it could not place.
 *
 * It knows nothing of cells.
 */
export interface Dag {
  readonly nodes: readonly string[];
  readonly upstream: ReadonlyMap<string, readonly string[]>;
  readonly downstream: ReadonlyMap<string, readonly string[]>;
}

export function createDag(nodes: readonly string[], reads: (node: string) => Iterable<string>): Dag {
  const known = new Set(nodes);
  const upstream = new Map<string, string[]>();
  const downstream = new Map<string, string[]>();
  for (const node of known) downstream.set(node, []);
  for (const node of known) {
    const edges = [...new Set(reads(node))].filter((name) => known.has(name));
    upstream.set(node, edges);
    for (const edge of edges) downstream.get(edge)?.push(node);
  }
  return { nodes: [...known], upstream, downstream };
}

/** Upstream first. Among nodes that are ready, the first on the page comes first. `cyclic` holds what cycles block. */
export function topologicalOrder(dag: Dag): { order: string[]; cyclic: string[] } {
  const waitsFor = new Map(dag.nodes.map((node) => [node, dag.upstream.get(node)?.length ?? 0]));
  const pagePosition = new Map(dag.nodes.map((node, index) => [node, index]));
  const ready = dag.nodes.filter((node) => waitsFor.get(node) === 0);
  const order: string[] = [];
  for (let node = ready.shift(); node !== undefined; node = ready.shift()) {
    order.push(node);
    for (const reader of dag.downstream.get(node) ?? []) {
      const left = (waitsFor.get(reader) ?? 0) - 1;
      waitsFor.set(reader, left);
      if (left === 0) insertByPosition(ready, reader, pagePosition);
    }
  }
  const placed = new Set(order);
  return { order, cyclic: dag.nodes.filter((node) => !placed.has(node)) };
}

function insertByPosition(sorted: string[], node: string, position: ReadonlyMap<string, number>): void {
  const at = position.get(node) ?? 0;
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((position.get(sorted[middle] ?? '') ?? 0) < at) low = middle + 1;
    else high = middle;
  }
  sorted.splice(low, 0, node);
}

/** All that `node` reads, directly or not. Holds `node` itself only when it is on a cycle. */
export function upstreamOf(dag: Dag, node: string): Set<string> {
  return reach(dag.upstream, node);
}

/** All that reads `node`, directly or not. Holds `node` itself only when it is on a cycle. */
export function downstreamOf(dag: Dag, node: string): Set<string> {
  return reach(dag.downstream, node);
}

function reach(edges: ReadonlyMap<string, readonly string[]>, start: string): Set<string> {
  const seen = new Set<string>();
  const todo = [...(edges.get(start) ?? [])];
  for (let node = todo.pop(); node !== undefined; node = todo.pop()) {
    if (seen.has(node)) continue;
    seen.add(node);
    todo.push(...(edges.get(node) ?? []));
  }
  return seen;
}

/** The shortest way from `node` over what it reads back to itself, both ends included; null when there is none. */
export function cyclePath(dag: Dag, node: string): string[] | null {
  const cameFrom = new Map<string, string>();
  const todo = [node];
  for (let at = 0; at < todo.length; at += 1) {
    const current = todo[at] ?? node;
    for (const next of dag.upstream.get(current) ?? []) {
      if (next === node) return [...trail(cameFrom, node, current), node];
      if (cameFrom.has(next)) continue;
      cameFrom.set(next, current);
      todo.push(next);
    }
  }
  return null;
}

function trail(cameFrom: ReadonlyMap<string, string>, start: string, end: string): string[] {
  const path = [end];
  for (let node = end; node !== start;) {
    node = cameFrom.get(node) ?? start;
    path.unshift(node);
  }
  return path;
}
