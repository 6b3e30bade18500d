import type { Grant, Group, NotebookSharing, Role } from '@datacraft/shared';
import { Fault, newId, say } from '@datacraft/shared';
import type pg from 'pg';
import { audit } from '../auth/audit.ts';
import { listLinks } from '../auth/notebook-links.ts';
import type { Principal } from '../auth/principal.ts';

export interface Subject {
  readonly userId?: string | undefined;
  readonly groupId?: string | undefined;
}

export async function loadSharing(pool: pg.Pool, notebookId: string): Promise<NotebookSharing> {
  const { rows: notebooks } = await pool.query<{ access: NotebookSharing['access'] }>(
    'select access from notebooks where id = $1',
    [notebookId],
  );
  const { rows } = await pool.query<{ user_id: string | null; group_id: string | null; name: string; role: Role }>(
    `select g.user_id, g.group_id, coalesce(u.name, gr.name) as name, g.role from notebook_grants g
       left join users u on u.id = g.user_id left join groups gr on gr.id = g.group_id
      where g.notebook_id = $1 order by g.created_at`,
    [notebookId],
  );
  const grants = rows.map((row): Grant => ({
    userId: row.user_id,
    groupId: row.group_id,
    name: row.name,
    role: row.role,
  }));
  return { access: notebooks[0]?.access ?? 'workspace', grants, links: await listLinks(pool, notebookId) };
}

export async function setAccess(
  pool: pg.Pool,
  by: Principal,
  notebookId: string,
  access: NotebookSharing['access'],
): Promise<void> {
  await pool.query('update notebooks set access = $2 where id = $1', [notebookId, access]);
  await audit(pool, by.userId, 'notebook-access', notebookId, { access });
}

/** A copy is for the same people as what it was made from. */
export async function copyAccess(pool: pg.Pool, from: string, to: string): Promise<void> {
  await pool.query('update notebooks set access = (select access from notebooks where id = $1) where id = $2', [
    from,
    to,
  ]);
  await pool.query(
    `insert into notebook_grants (notebook_id, user_id, group_id, role, granted_by)
     select $2, user_id, group_id, role, granted_by from notebook_grants where notebook_id = $1`,
    [from, to],
  );
}

/** `role: null` takes it back. */
export async function setGrant(
  pool: pg.Pool,
  by: Principal,
  notebookId: string,
  subject: Subject,
  role: Role | null,
): Promise<void> {
  const [column, id] = subject.userId !== undefined ? ['user_id', subject.userId] : ['group_id', subject.groupId];
  const table = column === 'user_id' ? 'users' : 'groups';
  const known = await pool.query(`select 1 from ${table} where id = $1`, [id]);
  if (known.rowCount === 0)
    throw new Fault(
      'not-found',
      column === 'user_id'
        ? say('there is no user {userId}', { userId: id ?? '' })
        : say('there is no group {id}', { id: id ?? '' }),
    );
  await pool.query(`delete from notebook_grants where notebook_id = $1 and ${column} = $2`, [notebookId, id]);
  if (role !== null)
    await pool.query(`insert into notebook_grants (notebook_id, ${column}, role, granted_by) values ($1, $2, $3, $4)`, [
      notebookId,
      id,
      role,
      by.userId,
    ]);
  await audit(pool, by.userId, 'notebook-grant', notebookId, { to: String(id), role: role ?? 'none' });
}

export async function listGroups(pool: pg.Pool): Promise<Group[]> {
  const { rows } = await pool.query<Group>(
    `select g.id, g.name, array(select user_id from group_members m where m.group_id = g.id order by user_id) as "userIds"
       from groups g order by lower(g.name)`,
  );
  return rows;
}

export async function createGroup(pool: pg.Pool, by: Principal, name: string): Promise<string> {
  const id = newId<string>('grp');
  const { rowCount } = await pool.query(
    'insert into groups (id, name) values ($1, $2) on conflict ((lower(name))) do nothing',
    [id, name],
  );
  if (rowCount === 0)
    throw new Fault('conflict', say('there is a group {name} already; choose another name', { name }));
  await audit(pool, by.userId, 'group-create', id, { name });
  return id;
}

export async function removeGroup(pool: pg.Pool, by: Principal, id: string): Promise<void> {
  const { rowCount } = await pool.query('delete from groups where id = $1', [id]);
  if (rowCount === 0) throw new Fault('not-found', say('there is no group {id}', { id }));
  await audit(pool, by.userId, 'group-remove', id);
}

export async function setMembers(pool: pg.Pool, by: Principal, id: string, userIds: readonly string[]): Promise<void> {
  const known = await pool.query('select 1 from groups where id = $1', [id]);
  if (known.rowCount === 0) throw new Fault('not-found', say('there is no group {id}', { id }));
  await pool.query(
    `with wanted as (select id from users where id = any($2)),
          gone as (delete from group_members where group_id = $1 and user_id not in (select id from wanted))
     insert into group_members (group_id, user_id) select $1, id from wanted on conflict do nothing`,
    [id, userIds],
  );
  await audit(pool, by.userId, 'group-members', id, { members: userIds.length });
}
