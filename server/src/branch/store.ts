import type { Queryable } from '@datacraft/engine';
import type { BranchState, BranchSummary, Notebook, UserId } from '@datacraft/shared';
import { Fault, isBranchId, say } from '@datacraft/shared';
import { visibleTo } from '../auth/permission.ts';

type Db = Pick<Queryable, 'query'>;

interface Row {
  id: string;
  name: string;
  note: string;
  state: BranchState;
  parent: string;
  title: string;
  created_by: UserId | null;
  maker: string | null;
  created_at: Date;
}

const SELECT = `select b.id, b.name, b.note, b.state, p.id as parent, p.title, b.created_by, b.created_at,
    (select u.name from users u where u.id = b.created_by) as maker
  from branches b join notebooks n on n.id = b.id join notebooks p on p.id = n.branch_of`;

/** Newest first, without discarded ones. */
export async function listBranches(db: Db, parentId: string): Promise<BranchSummary[]> {
  const { rows } = await db.query<Row>(
    `${SELECT} where p.id = $1 and b.state <> 'discarded' order by b.created_at desc, b.id`,
    [parentId],
  );
  return rows.map(summaryOf);
}

/** Of all notebooks those that somebody may see. */
export async function visibleBranches(db: Db, userId: UserId): Promise<BranchSummary[]> {
  const { rows } = await db.query<Row>(
    `${SELECT} where b.state <> 'discarded' and n.deleted_at is null and p.deleted_at is null and ${visibleTo('$1')}
      order by p.title, b.created_at desc, b.id`,
    [userId],
  );
  return rows.map(summaryOf);
}

export async function loadBranch(db: Db, id: string): Promise<BranchSummary & { ancestor: Notebook }> {
  const { rows } = await db.query<Row & { ancestor: Notebook }>(
    `${SELECT.replace('b.created_at,', 'b.created_at, b.ancestor,')} where b.id = $1 and b.state <> 'discarded'`,
    [id],
  );
  const [row] = rows;
  if (!row) throw new Fault('not-found', say('{id} is no branch of a notebook, or it was discarded', { id }));
  return { ...summaryOf(row), ancestor: row.ancestor };
}

/** The same for who is about to change it: one at a time, until their transaction ends. */
export async function lockBranch(tx: Db, id: string): Promise<BranchSummary & { ancestor: Notebook }> {
  await tx.query('select 1 from branches where id = $1 for update', [id]);
  return loadBranch(tx, id);
}

/** Ids of branches that are not discarded, with the notebook each was forked from. */
export async function openBranches(db: Db): Promise<{ branchId: string; parentId: string }[]> {
  const { rows } = await db.query<{ branchId: string; parentId: string }>(
    `select b.id as "branchId", n.branch_of as "parentId" from branches b join notebooks n on n.id = b.id
      where b.state <> 'discarded'`,
  );
  return rows;
}

export async function renameBranch(db: Db, id: string, name: string): Promise<void> {
  await db.query('update branches set name = $2 where id = $1', [id, name]);
}

export async function setReview(db: Db, id: string, note: string): Promise<void> {
  await db.query(`update branches set state = 'review', note = $2, asked_at = now() where id = $1`, [id, note]);
}

/** After an acceptance: what was accepted is what later edits are compared with. */
export async function setAncestor(db: Db, id: string, ancestor: Notebook, state: BranchState): Promise<void> {
  await db.query('update branches set ancestor = $2, state = $3 where id = $1', [id, JSON.stringify(ancestor), state]);
}

/** Whose files a notebook reads: a branch those of the notebook it was forked from. */
export function fileOwners(db: Db): (notebookId: string) => Promise<string> {
  return async (notebookId) => {
    if (!isBranchId(notebookId)) return notebookId;
    const { rows } = await db.query<{ branch_of: string | null }>('select branch_of from notebooks where id = $1', [
      notebookId,
    ]);
    return rows[0]?.branch_of ?? notebookId;
  };
}

function summaryOf(row: Row): BranchSummary {
  return {
    id: row.id,
    name: row.name,
    note: row.note,
    state: row.state,
    of: { id: row.parent, title: row.title },
    by: row.created_by ? { id: row.created_by, name: row.maker ?? '' } : null,
    createdAt: row.created_at.toISOString(),
  };
}
