import type { Compiled } from '@datacraft/engine';
import { readSelection } from '@datacraft/engine';
import type { Notebook } from '@datacraft/shared';
import { diffNotebooks, isFault } from '@datacraft/shared';

const made: ReadonlySet<string> = new Set(['source', 'sql', 'transform', 'model']);

/** Names of the source and cells below it that are written otherwise now than when their stream was started. */
export async function changedCells(
  then: Notebook,
  now: Notebook,
  source: string,
  compile: (notebook: Notebook) => Promise<Compiled>,
): Promise<string[]> {
  const changed = diffNotebooks(then, now).cells.filter(({ change, kind }) => change !== 'moved' && made.has(kind));
  if (changed.length === 0) return [];
  const below = new Set([...(await belowIn(then, source, compile)), ...(await belowIn(now, source, compile))]);
  return changed.map(({ name }) => name).filter((name) => below.has(name));
}

async function belowIn(
  notebook: Notebook,
  source: string,
  compile: (notebook: Notebook) => Promise<Compiled>,
): Promise<Iterable<string>> {
  const { graph } = await compile(notebook);
  try {
    return readSelection(graph, [`${source}+`]);
  } catch (error) {
    if (!isFault(error)) throw error;
    return [source]; // it has another name now, or is gone
  }
}
