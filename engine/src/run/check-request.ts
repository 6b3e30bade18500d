import { Fault, say } from '@datacraft/shared';
import type { Graph } from '../compile/graph.ts';
import { isSelectCell } from '../compile/graph.ts';
import { inputValues } from '../compile/parameter.ts';
import { readSelection } from '../plan/selection.ts';
import type { RunOptions } from './context.ts';
import { brokenCells } from './prepare.ts';

/**
 * Looks at what is asked before a run is recorded. An unknown cell, an unknown input and a value that does not fit are
 * `bad-request`. Answers the cells with errors that the run could not leave out: those that were selected, or all of
 * them when nothing sound is left.
 */
export function checkRequest(
  graph: Graph,
  options: Pick<RunOptions, 'params' | 'select' | 'replay'>,
  today: string,
): string[] {
  inputValues(graph, options.params, today);
  for (const name of options.replay ?? []) if (!isSelectCell(graph.cells.get(name))) throw noRules(name);
  const selected = [...readSelection(graph, options.select ?? [])];
  const broken = brokenCells(graph);
  const stopped = selected.filter((name) => broken.has(name));
  const isWhole = options.select === undefined || options.select.length === 0;
  return isWhole && stopped.length < selected.length ? [] : stopped;
}

function noRules(name: string): Fault {
  const message = say(
    '`{name}` is no sql or transform cell of this notebook: only those set rows aside that can be judged again',
    { name },
  );
  return new Fault('bad-request', message, { cell: name });
}
