import type { Role } from '@datacraft/shared';
import { Fault, roles, say } from '@datacraft/shared';
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
  return (await standing(db, principal, notebookId)).role;
}

export interface Standing {
  readonly exists: boolean;
  readonly role: Role | null;
}

interface StandingRow {
  /** The notebook itself, or the one that a branch was forked from. */
  own_id: string;
  suggests: boolean | null;
  access: string;
  created_by: string | null;
  granted: Role[];
}

/** The role, and whether the notebook is there at all; one question of the database. */
export async function standing(
  db: Pick<pg.Pool, 'query'>,
  principal: Principal,
  notebookId: string,
): Promise<Standing> {
  const { rows } = await db.query<StandingRow>({
    name: 'standing',
    text: `select o.id as own_id, n.branch_of is not null and n.created_by = $2 as suggests, o.access, o.created_by, array(
       select g.role from notebook_grants g
        where g.notebook_id = o.id
          and (g.user_id = $2 or g.group_id in (select group_id from group_members where user_id = $2))) as granted
       from notebooks n join notebooks o on o.id = coalesce(n.branch_of, n.id) where n.id = $1`,
    values: [notebookId, principal.userId],
  });
  const [row] = rows;
  if (principal.via === 'link')
    return { exists: row !== undefined, role: principal.notebookId === notebookId ? 'viewer' : null };
  if (row === undefined) return { exists: false, role: null };
  return { exists: true, role: branchRole(row, ownRole(row, principal)) };
}

function branchRole({ suggests }: StandingRow, role: Role | null): Role | null {
  return suggests === true && role !== null && atLeast(role, 'commenter') && !atLeast(role, 'editor') ? 'editor' : role;
}

function ownRole(row: StandingRow, principal: Principal): Role | null {
  if (principal.role === 'owner') return 'owner';
  if (row.created_by === principal.userId && atLeast(principal.role, 'editor')) return 'owner';
  const given: Role[] = [...row.granted];
  if (row.access === 'workspace') given.push(principal.role);
  if (principal.notebookId === row.own_id) given.push('viewer');
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
  return withRole(principal, notebookId, await permission(db, principal, notebookId));
}

export function withRole(principal: Principal, notebookId: string, role: Role | null): Principal {
  if (role === null)
    throw new Fault(
      'not-found',
      say('there is no notebook {notebookId}, or it is not shared with you; ask its owner', { notebookId }),
    );
  return { ...principal, role };
}
