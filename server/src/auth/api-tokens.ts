import type { Role, TokenSummary, UserId } from '@datacraft/shared';
import { Fault, newId } from '@datacraft/shared';
import type pg from 'pg';
import { audit } from './audit.ts';
import type { Principal } from './principal.ts';
import { hashToken, newSecretToken } from './secret-token.ts';

/** A token acts as its person, with the role that person has at that moment. */
export async function createToken(pool: pg.Pool, by: Principal, name: string): Promise<{ id: string; token: string }> {
  const { token, hash } = newSecretToken('dc');
  const id = newId<string>('tok');
  await pool.query('insert into api_tokens (id, user_id, name, token_hash) values ($1, $2, $3, $4)', [
    id,
    by.userId,
    name,
    hash,
  ]);
  await audit(pool, by.userId, 'token-create', id, { name });
  return { id, token };
}

export async function listTokens(pool: pg.Pool, by: Principal): Promise<TokenSummary[]> {
  const { rows } = await pool.query<{ id: string; name: string; created_at: Date; last_used_at: Date | null }>(
    'select id, name, created_at, last_used_at from api_tokens where user_id = $1 and revoked_at is null order by created_at desc',
    [by.userId],
  );
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    createdAt: row.created_at.toISOString(),
    lastUsedAt: row.last_used_at?.toISOString() ?? null,
  }));
}

export async function revokeToken(pool: pg.Pool, by: Principal, id: string): Promise<void> {
  const { rowCount } = await pool.query(
    'update api_tokens set revoked_at = now() where id = $1 and user_id = $2 and revoked_at is null',
    [id, by.userId],
  );
  if (rowCount === 0) throw new Fault('not-found', 'you have no token with this id');
  await audit(pool, by.userId, 'token-revoke', id);
}

export async function identifyToken(pool: pg.Pool, token: string): Promise<Principal | null> {
  if (!token.startsWith('dc_')) return null;
  const { rows } = await pool.query<{
    id: string;
    user_id: UserId;
    email: string;
    name: string;
    role: Role;
    locale: 'en' | 'pt-BR';
    stale: boolean;
  }>(
    `select t.id, t.user_id, u.email, u.name, u.role, u.locale,
            t.last_used_at is null or t.last_used_at < now() - interval '1 minute' as stale
       from api_tokens t join users u on u.id = t.user_id
      where t.token_hash = $1 and t.revoked_at is null and u.disabled_at is null`,
    [hashToken(token)],
  );
  const [row] = rows;
  if (!row) return null;
  if (row.stale) await pool.query('update api_tokens set last_used_at = now() where id = $1', [row.id]);
  return {
    userId: row.user_id,
    email: row.email,
    name: row.name,
    role: row.role,
    locale: row.locale,
    via: 'token',
    credentialId: row.id,
  };
}
