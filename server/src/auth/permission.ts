import type { Role } from '@datacraft/shared';
import { Fault, roles } from '@datacraft/shared';
import type pg from 'pg';
import type { Principal } from './principal.ts';
import { atLeast } from './principal.ts';

/**
 * The role of somebody in one notebook: the highest of what the workspace gives, unless the notebook is for invited
 * people only, and what was granted to them or a group of theirs. Owners of the workspace own every notebook; who made
 * a notebook owns it as long as they may edit in the workspace. In a branch it is that of the notebook it was forked
 * from, and whoever made it and may comment there edits it. Null: it is none of their business, or not there.
 */
export async function permission(
  db: Pick<pg.Pool, 'query'>,
  principal: Principal,
  notebookId: string,
): Promise<Role | null> {
  if (principal.via === 'link') return principal.notebookId === notebookId ? 'viewer' : null;
  const { rows } = await db.query<{ branch_of: string; created_by: string | null }>(
    'select branch_of, created_by from notebooks where id = $1 and branch_of is not null',
    [notebookId],
  );
  const [branch] = rows;
  if (branch === undefined) return ownRole(db, principal, notebookId);
  const role = await ownRole(db, principal, branch.branch_of);
  const suggests = role !== null && atLeast(role, 'commenter') && branch.created_by === principal.userId;
  return suggests && !atLeast(role, 'editor') ? 'editor' : role;
}

async function ownRole(db: Pick<pg.Pool, 'query'>, principal: Principal, notebookId: string): Promise<Role | null> {
  const { rows } = await db.query<{ access: string; created_by: string | null; granted: Role[] }>(
    `select n.access, n.created_by, array(
       select g.role from notebook_grants g
        where g.notebook_id = n.id
          and (g.user_id = $2 or g.group_id in (select group_id from group_members where user_id = $2))) as granted
       from notebooks n where n.id = $1`,
    [notebookId, principal.userId],
  );
  const [row] = rows;
  if (!row) return null;
  if (principal.role === 'owner') return 'owner';
  if (row.created_by === principal.userId && atLeast(principal.role, 'editor')) return 'owner';
  const given: Role[] = [...row.granted];
  if (row.access === 'workspace') given.push(principal.role);
  if (principal.notebookId === notebookId) given.push('viewer');
  return given.toSorted((a, b) => roles.indexOf(b) - roles.indexOf(a))[0] ?? null;
}

/** The same rule for lists: the notebooks somebody may see, as an SQL condition on `notebooks n` with the user as `$n`. */
export function visibleTo(parameter: string): string {
  return `exists (select 1 from notebooks v where v.id = coalesce(n.branch_of, n.id) and (v.access = 'workspace'
    or exists (select 1 from users u where u.id = ${parameter} and u.id = v.created_by and u.role = 'editor')
    or exists (select 1 from users u where u.id = ${parameter} and u.role = 'owner')
    or exists (select 1 from notebook_grants g where g.notebook_id = v.id
        and (g.user_id = ${parameter} or g.group_id in (select group_id from group_members where user_id = ${parameter})))))`;
}

/** Ids of all notebooks that somebody may see, those in the bin too. */
export async function visibleNotebooks(db: Pick<pg.Pool, 'query'>, userId: string): Promise<ReadonlySet<string>> {
  const { rows } = await db.query<{ id: string }>(`select n.id from notebooks n where ${visibleTo('$1')}`, [userId]);
  return new Set(rows.map((row) => row.id));
}

/** Somebody with their role in this notebook. Throws `not-found` when they may not even know of it. */
export async function within(db: Pick<pg.Pool, 'query'>, principal: Principal, notebookId: string): Promise<Principal> {
  const role = await permission(db, principal, notebookId);
  if (role === null)
    throw new Fault('not-found', `there is no notebook ${notebookId}, or it is not shared with you; ask its owner`);
  return { ...principal, role };
}
