import type { Graph } from '../compile/graph.ts';
import { inputValues } from '../compile/parameter.ts';
import { readSelection } from '../plan/selection.ts';
import type { RunOptions } from './context.ts';
import { brokenCells } from './prepare.ts';

/**
 * Looks at what is asked before a run is recorded. An unknown cell, an unknown input and a value that does not fit are
 * `bad-request`. Answers the cells with errors that the run could not leave out: those that were selected, or all of
 * them when nothing sound is left.
 */
export function checkRequest(graph: Graph, options: Pick<RunOptions, 'params' | 'select'>, today: string): string[] {
  inputValues(graph, options.params, today);
  const selected = [...readSelection(graph, options.select ?? [])];
  const broken = brokenCells(graph);
  const stopped = selected.filter((name) => broken.has(name));
  const isWhole = options.select === undefined || options.select.length === 0;
  return isWhole && stopped.length < selected.length ? [] : stopped;
}
