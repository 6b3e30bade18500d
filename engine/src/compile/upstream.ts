import type { CompiledCell, Graph } from './graph.ts';
import { edgesOf } from './graph.ts';

/** Its rows lie in a table of their own, so that readers need not run its text. */
export function isStored(cell: CompiledCell): boolean {
  return cell.relation !== null && cell.materialize !== 'view' && cell.materialize !== 'ephemeral';
}

/**
 * Relations that must be there before `name` can be read: its stored upstream, reached also through ephemeral cells and
 * views, and those views. In the order of the graph.
 */
export function storedUpstream(graph: Graph, name: string): string[] {
  const found = new Set<string>();
  const passed = new Set<string>();
  const todo = [...(graph.cells.get(name)?.dependsOn ?? [])];
  for (let next = todo.pop(); next !== undefined; next = todo.pop()) {
    const cell = graph.cells.get(next);
    if (cell === undefined || passed.has(next)) continue;
    passed.add(next);
    if (cell.relation !== null && cell.materialize !== 'ephemeral') found.add(next);
    if (!isStored(cell)) todo.push(...cell.dependsOn);
  }
  found.delete(name);
  return graph.order.filter((each) => found.has(each));
}

/** Cells whose text or value is part of reading `name`: views, ephemeral cells, inputs and cells without rows. */
export function inlinedUpstream(graph: Graph, name: string): Set<string> {
  const found = new Set<string>();
  const todo = [...edgesOf(graph.cells.get(name))];
  for (let next = todo.pop(); next !== undefined; next = todo.pop()) {
    const cell = graph.cells.get(next);
    if (cell === undefined || found.has(next) || isStored(cell)) continue;
    found.add(next);
    if (cell.kind !== 'input') todo.push(...edgesOf(cell));
  }
  return found;
}
