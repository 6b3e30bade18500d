import type { CellRead, QueryDeps, TileRows } from '@datacraft/engine';
import { readTiles } from '@datacraft/engine';
import type { Exportable } from './export.ts';

const TIMEOUT_MS = 30_000;

/** First rows of the cells of a notebook by name, and of its charts, and how old they are: what whoever `deps` read for may see. */
export async function documentRows(
  { compiled, owner }: Exportable,
  deps: QueryDeps,
  today: string,
): Promise<ReadonlyMap<string, TileRows>> {
  const cells = [...compiled.graph.cells.values()].filter((cell) => cell.kind !== 'input');
  const reads = cells.map((cell): CellRead => ({
    compiled,
    cell: cell.name,
    params: {},
    today,
    ownerKey: owner.key,
    timeoutMs: TIMEOUT_MS,
  }));
  const rows = new Map<string, TileRows>();
  await readTiles(reads, deps, (at, answer) => {
    const name = cells[at]?.name;
    if (name !== undefined && answer.kind === 'rows') rows.set(name, answer.rows);
  });
  return rows;
}
