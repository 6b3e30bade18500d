/**
 * Who may read which published table: the one place that decides, for every way to rows.
 *
 * A1  A table is for whoever may see the notebook that publishes it; one that no notebook of the server publishes is
 *     everybody's. What somebody may not read looks as if it were not there.
 * A2  A notebook reads what all its editors may read: nobody comes to a table by writing its name where somebody else
 *     runs it. Its own tables are its own.
 * A3  Who holds a read-only link reads the tables of that notebook alone, besides what its cells as they stand read.
 */
import type { MayRead, Owner } from '@datacraft/engine';
import type pg from 'pg';
import { visibleTo } from './permission.ts';
import type { Principal } from './principal.ts';

type Db = Pick<pg.Pool, 'query'>;

/** What a person may read. */
export async function readableBy(db: Db, principal: Principal): Promise<MayRead> {
  if (principal.via === 'link') return ({ notebookId }) => notebookId === principal.notebookId;
  const hidden = await hiddenFrom(db, principal.userId);
  return (relation) => relation.notebookId === principal.notebookId || isOpen(relation, hidden);
}

/** What the cells of a notebook may read, whoever runs them; of no notebook, what is for the whole workspace. */
export async function readableIn(db: Db, notebookId: string | null): Promise<MayRead> {
  const hidden = await hiddenFromEditors(db, notebookId);
  return (relation) => (notebookId !== null && relation.notebookId === notebookId) || isOpen(relation, hidden);
}

/** The same for whoever a run is of. */
export function notebookReads(db: Db): (owner: Pick<Owner, 'notebookId'>) => Promise<MayRead> {
  return ({ notebookId }) => readableIn(db, notebookId);
}

function isOpen({ notebookId, ownerKey }: Parameters<MayRead>[0], hidden: ReadonlySet<string>): boolean {
  return notebookId === null ? !ownerKey.startsWith('notebook:') : !hidden.has(notebookId);
}

async function hiddenFrom(db: Db, userId: string): Promise<ReadonlySet<string>> {
  const { rows } = await db.query<{ id: string }>(
    `select n.id from notebooks n join notebooks o on o.id = coalesce(n.branch_of, n.id)
      where o.access = 'invited' and not ${visibleTo('$1')}`,
    [userId],
  );
  return new Set(rows.map((row) => row.id));
}

async function hiddenFromEditors(db: Db, notebookId: string | null): Promise<ReadonlySet<string>> {
  const { rows } = await db.query<{ id: string }>(
    `select n.id from notebooks n where n.access = 'invited' and ($1::text is null or exists (
       select 1 from users e, notebooks b
        where b.id = coalesce((select branch_of from notebooks where id = $1), $1) and e.disabled_at is null and e.role <> 'owner' and (${EDITS} or ${SUGGESTS}) and not ${visibleTo('e.id')}))`,
    [notebookId],
  );
  return new Set(rows.map((row) => row.id));
}

/** User `e` may change notebook `b`. */
const EDITS = `((e.role = 'editor' and (b.access = 'workspace' or b.created_by = e.id))
  or exists (select 1 from notebook_grants w where w.notebook_id = b.id and w.role in ('editor', 'owner')
    and (w.user_id = e.id or w.group_id in (select group_id from group_members where user_id = e.id))))`;

/** User `e` made the branch `$1`: they edit it, whatever they may do in the notebook it was forked from. */
const SUGGESTS = `exists (select 1 from notebooks s where s.id = $1 and s.branch_of is not null and s.created_by = e.id)`;
