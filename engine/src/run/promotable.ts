import type { Graph } from '../compile/graph.ts';
import { dagOf } from '../compile/graph.ts';
import { downstreamOf, topologicalOrder, upstreamOf } from '../graph/dag.ts';
import type { Promotable } from '../publish/promote.ts';
import type { Fingerprints } from './status.ts';

/** Cells with tables as they may be taken over from a branch, each after what it reads. */
export function promotables(graph: Graph, fingerprints: Fingerprints): Promotable[] {
  const dag = dagOf(graph);
  const hasTable = (name: string) => (graph.cells.get(name)?.relation ?? null) !== null;
  return topologicalOrder(dag).order.flatMap((name) => {
    const cell = graph.cells.get(name);
    if (!cell?.relation) return [];
    // A model is registered, an export is sent, a stream goes on from where it was: none of that is in the tables.
    const streams = 'refresh' in cell.spec && cell.spec.refresh === 'streaming';
    const needsRun = cell.kind === 'model' || 'export' in cell.spec || streams;
    const reads = [...upstreamOf(dag, name)].filter(hasTable);
    return [{ cell: name, ref: cell.relation, fingerprint: fingerprints.get(name) ?? null, reads, needsRun }];
  });
}

/** The same once the texts of some cells are others, and nothing else is: these and what reads them are left to a run. */
export function promotablesBut(graph: Graph, cells: readonly Promotable[], changed: readonly string[]): Promotable[] {
  const dag = dagOf(graph);
  const unknown = new Set(changed.flatMap((name) => (graph.cells.has(name) ? [name, ...downstreamOf(dag, name)] : [])));
  return cells.map((each) => (unknown.has(each.cell) ? { ...each, fingerprint: null } : each));
}
