import type { CellLineage, Column } from '@datacraft/shared';
import { relationName } from '@datacraft/shared';
import { lineageOfCells } from '../lineage/cells.ts';
import type { Publication } from '../publish/publish.ts';
import type { Queryable } from '../store/database.ts';
import { saveLineage } from '../store/lineage.ts';
import type { Working } from './runner.ts';

/** What a run makes known of columns: those it publishes, and those of everything that has no table. */
export async function lineageOfRun(
  { prepared, deps, board }: Pick<Working, 'prepared' | 'deps' | 'board'>,
  publications: readonly Publication[],
): Promise<readonly CellLineage[]> {
  const { graph } = prepared.compiled;
  const fresh = new Map<string, readonly Column[]>(
    publications.map(({ ref, columns }) => [relationName(ref), columns]),
  );
  const columnsOf = (relation: string) =>
    fresh.get(relation) ?? prepared.known.published.get(relation)?.columns ?? null;
  const cells = await lineageOfCells(graph, columnsOf, (sql) => deps.duck.parse(sql));
  for (const { cell, gaps } of cells) for (const gap of gaps) board.log.say(cell, `lineage: ${gap}`);
  return cells.filter(({ relation, isPublished }) => relation === null || !isPublished || fresh.has(relation));
}

/** In the transaction that publishes. */
export async function recordLineage(
  tx: Queryable,
  { prepared, input, lease }: Pick<Working, 'prepared' | 'input' | 'lease'>,
  cells: readonly CellLineage[],
): Promise<void> {
  await saveLineage(tx, input.owner, lease.runId, cells, [...prepared.compiled.graph.cells.keys()]);
}
