import type { RelationRef } from '@datacraft/shared';
import { Fault, relationName, say } from '@datacraft/shared';
import { loadTable } from '../iceberg/load-table.ts';
import { revertTable } from '../iceberg/revert.ts';
import type { CommittedTable } from '../iceberg/table.ts';
import type { Lake } from '../lake/lake.ts';
import type { Database } from '../store/database.ts';
import { loadRelations, revertRelation } from '../store/relations.ts';

export interface RevertDeps {
  readonly db: Database;
  readonly lake: Lake;
  readonly now: () => Date;
}

/**
 * Takes a published table back to one of its snapshots, as a new one. The cell that owns it is stale after that, and an
 * incremental one begins anew: what its rows had read is not known any more. Intervals that were recorded since are owed again.
 */
export async function revert(
  ref: RelationRef,
  snapshotId: string,
  deps: RevertDeps,
  by: string | null = null,
): Promise<CommittedTable> {
  return deps.db.transaction(async (tx) => {
    const relation = (await loadRelations(tx, [ref])).get(relationName(ref));
    if (relation?.kind !== 'table')
      throw new Fault('not-found', say('there is no table {table} to take back', { table: relationName(ref) }));
    const then = await loadTable(tx, deps.lake, ref, { snapshotId });
    if (!then) throw new Fault('not-found', say('there is no table {table}', { table: relationName(ref) }));
    const summary = { 'datacraft.cell': relation.cell, ...(by === null ? {} : { 'datacraft.by': by }) };
    const committed = await revertTable(tx, deps.lake, ref, snapshotId, { nowMs: deps.now().getTime(), summary });
    await revertRelation(tx, ref, {
      snapshotId: committed.snapshotId,
      rows: then.rows,
      columns: then.columns,
      since: new Date(then.committedAtMs),
    });
    return committed;
  });
}
