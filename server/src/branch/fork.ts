import type { Database } from '@datacraft/engine';
import { dropBranchTables, forkTables } from '@datacraft/engine';
import type { NotebookId, UserId } from '@datacraft/shared';
import { Fault, newId, say } from '@datacraft/shared';
import type pg from 'pg';
import type { Bus } from '../live/bus.ts';
import { firstUpdate } from '../room/new-document.ts';
import { appendUpdates } from '../room/update-log.ts';
import type { Rooms } from '../room/rooms.ts';

interface ForkDeps {
  readonly pool: pg.Pool;
  readonly bus: Bus;
  readonly rooms: Rooms;
  readonly db: Database;
}

const BRANCHES_MOST = 100;

/**
 * Cells keep their ids: by them a review finds what became of each. Rows, pointers and the document are one
 * transaction: there is a whole branch or none.
 */
export async function forkNotebook(
  deps: ForkDeps,
  asked: { readonly parentId: string; readonly name: string; readonly by: UserId | null },
): Promise<string> {
  const { parentId, name, by } = asked;
  await refuseTooMany(deps.pool, parentId);
  const notebook = await deps.rooms.notebook(parentId);
  const branchId = newId<NotebookId>('brn');
  const data = firstUpdate(notebook);
  await forkTables(deps.db, { branchId, parentId, title: notebook.title }, async (tx) => {
    await tx.query(
      `insert into notebooks (id, title, auto_run, cell_count, created_by, branch_of)
       select $1, $2, auto_run, $3, $4, id from notebooks where id = $5`,
      [branchId, notebook.title, notebook.cells.length, by, parentId],
    );
    await tx.query('insert into branches (id, name, ancestor, created_by) values ($1, $2, $3, $4)', [
      branchId,
      name,
      JSON.stringify(notebook),
      by,
    ]);
    await appendUpdates(tx, deps.bus, branchId, [{ data, userId: by }]);
  });
  return branchId;
}

/** Its document goes, its tables' names with it; their files with the next clean-up. */
export async function discardBranch(
  deps: Pick<ForkDeps, 'pool' | 'db' | 'bus'>,
  branchId: string,
  by: UserId | null,
): Promise<void> {
  await deps.db.transaction(async (tx) => {
    await tx.query(
      `update runs set cancel_requested_at = coalesce(cancel_requested_at, now())
        where notebook_id = $1 and state in ('queued', 'running')`,
      [branchId],
    );
    await tx.query(`update branches set state = 'discarded', closed_at = now(), closed_by = $2 where id = $1`, [
      branchId,
      by,
    ]);
    await tx.query('update notebooks set deleted_at = now() where id = $1', [branchId]);
    await dropBranchTables(tx, branchId);
  });
  await deps.bus.publish('notebook', { notebookId: branchId, change: 'deleted' });
}

async function refuseTooMany(pool: pg.Pool, parentId: string): Promise<void> {
  const { rowCount } = await pool.query(
    `select 1 from branches b join notebooks n on n.id = b.id where n.branch_of = $1 and b.state <> 'discarded'`,
    [parentId],
  );
  if ((rowCount ?? 0) < BRANCHES_MOST) return;
  throw new Fault(
    'conflict',
    say('this notebook has {most} branches; discard one that is not needed any more', { most: BRANCHES_MOST }),
  );
}
