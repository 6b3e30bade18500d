import type { NotebookLink, UserId } from '@datacraft/shared';
import { Fault, newId, say } from '@datacraft/shared';
import type pg from 'pg';
import { audit } from './audit.ts';
import type { Principal } from './principal.ts';
import { hashToken, newSecretToken } from './secret-token.ts';

export const LINK_COOKIE = 'datacraft_link';

/** Shown once; only its hash is kept. */
export async function createLink(
  pool: pg.Pool,
  by: Principal,
  notebookId: string,
): Promise<{ id: string; url: string }> {
  const { token, hash } = newSecretToken('nl');
  const id = newId<string>('link');
  await pool.query('insert into notebook_links (id, notebook_id, token_hash, created_by) values ($1, $2, $3, $4)', [
    id,
    notebookId,
    hash,
    by.userId,
  ]);
  await audit(pool, by.userId, 'notebook-link', notebookId, { link: id });
  return { id, url: `/n/${token}` };
}

export async function listLinks(pool: pg.Pool, notebookId: string): Promise<NotebookLink[]> {
  const { rows } = await pool.query<{ id: string; created_at: Date; name: string | null }>(
    `select l.id, l.created_at, u.name from notebook_links l left join users u on u.id = l.created_by
      where l.notebook_id = $1 and l.revoked_at is null order by l.created_at`,
    [notebookId],
  );
  return rows.map((row) => ({ id: row.id, createdAt: row.created_at.toISOString(), createdBy: row.name }));
}

export async function revokeLink(pool: pg.Pool, by: Principal, notebookId: string, id: string): Promise<void> {
  const { rowCount } = await pool.query(
    'update notebook_links set revoked_at = now() where id = $1 and notebook_id = $2 and revoked_at is null',
    [id, notebookId],
  );
  if (rowCount === 0)
    throw new Fault('not-found', say('there is no link {id}; it may have been revoked already', { id }));
  await audit(pool, by.userId, 'notebook-link-revoke', notebookId, { link: id });
}

/** Who comes with a read-only link: nobody in particular, and for one notebook alone. */
export async function identifyLink(pool: pg.Pool, token: string): Promise<Principal | null> {
  const { rows } = await pool.query<{ id: string; notebook_id: string }>(
    `select l.id, l.notebook_id from notebook_links l join notebooks n on n.id = l.notebook_id
      where l.token_hash = $1 and l.revoked_at is null and n.deleted_at is null`,
    [hashToken(token)],
  );
  const [row] = rows;
  if (!row) return null;
  return {
    userId: row.id as UserId,
    email: '',
    name: 'Guest',
    role: 'viewer',
    locale: 'en',
    via: 'link',
    credentialId: row.id,
    notebookId: row.notebook_id,
  };
}

export function linkTokenOf(cookieHeader: string | undefined): string | null {
  return new RegExp(`(?:^|;\\s*)${LINK_COOKIE}=([\\w-]+)`).exec(cookieHeader ?? '')?.[1] ?? null;
}
