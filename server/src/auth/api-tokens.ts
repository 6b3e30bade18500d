import type { Role, TokenLimits, TokenSummary, UserId } from '@datacraft/shared';
import { Fault, newId } from '@datacraft/shared';
import type pg from 'pg';
import { audit } from './audit.ts';
import type { Principal } from './principal.ts';
import { hashToken, newSecretToken } from './secret-token.ts';

/** A token acts as its person, with the role that person has at that moment. */
export async function createToken(
  pool: pg.Pool,
  userId: string,
  { name, requestsPerSecond, predictionsPerDay }: TokenLimits & { readonly name: string },
): Promise<{ id: string; token: string }> {
  const { token, hash } = newSecretToken('dc');
  const id = newId<string>('tok');
  await pool.query(
    `insert into api_tokens (id, user_id, name, token_hash, requests_per_second, predictions_per_day)
     values ($1, $2, $3, $4, $5, $6)`,
    [id, userId, name, hash, requestsPerSecond, predictionsPerDay],
  );
  await audit(pool, userId, 'token-create', id, { name, ...setOnly({ requestsPerSecond, predictionsPerDay }) });
  return { id, token };
}

function setOnly(limits: TokenLimits): Record<string, number> {
  return Object.fromEntries(Object.entries(limits).filter((entry): entry is [string, number] => entry[1] !== null));
}

interface TokenRow {
  id: string;
  name: string;
  created_at: Date;
  last_used_at: Date | null;
  requests_per_second: number | null;
  predictions_per_day: string | null;
  predictions_today: string;
}

export async function listTokens(pool: pg.Pool, userId: string): Promise<TokenSummary[]> {
  const { rows } = await pool.query<TokenRow>(
    `select t.id, t.name, t.created_at, t.last_used_at, t.requests_per_second, t.predictions_per_day,
            coalesce(u.predictions, 0) as predictions_today
       from api_tokens t left join api_token_use u on u.token_id = t.id and u.day = (now() at time zone 'utc')::date
      where t.user_id = $1 and t.revoked_at is null order by t.created_at desc`,
    [userId],
  );
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    createdAt: row.created_at.toISOString(),
    lastUsedAt: row.last_used_at?.toISOString() ?? null,
    requestsPerSecond: row.requests_per_second,
    predictionsPerDay: row.predictions_per_day === null ? null : Number(row.predictions_per_day),
    predictionsToday: Number(row.predictions_today),
  }));
}

type TokenLimitsChange = { readonly [Limit in keyof TokenLimits]?: TokenLimits[Limit] | undefined };

/** What is left out stays. It counts from the next request on; what was used of the day stays used. */
export async function changeToken(
  pool: pg.Pool,
  userId: string,
  id: string,
  change: TokenLimitsChange,
): Promise<TokenSummary> {
  const { rowCount } = await pool.query(
    `update api_tokens
        set requests_per_second = case when $3 then $4::integer else requests_per_second end,
            predictions_per_day = case when $5 then $6::bigint else predictions_per_day end
      where id = $1 and user_id = $2 and revoked_at is null`,
    [
      ...[id, userId],
      ...[change.requestsPerSecond !== undefined, change.requestsPerSecond],
      ...[change.predictionsPerDay !== undefined, change.predictionsPerDay],
    ],
  );
  const changed = rowCount === 0 ? undefined : (await listTokens(pool, userId)).find((each) => each.id === id);
  if (changed === undefined) throw new Fault('not-found', 'you have no token with this id');
  await audit(pool, userId, 'token-change', id, toldOf(change));
  return changed;
}

function toldOf(change: TokenLimitsChange): Record<string, number | string> {
  const given = Object.entries(change).filter((entry): entry is [string, number | null] => entry[1] !== undefined);
  return Object.fromEntries(given.map(([name, limit]) => [name, limit ?? 'none']));
}

/** Otherwise a token could lift its own limits. */
export function refuseLimited({ limits }: Principal): void {
  if (limits === undefined || Object.values(limits).every((limit) => limit === null)) return;
  throw new Fault(
    'forbidden',
    'a token with limits makes and changes no tokens: sign in, or use a token without limits',
  );
}

export async function revokeToken(pool: pg.Pool, userId: string, id: string): Promise<void> {
  const { rowCount } = await pool.query(
    'update api_tokens set revoked_at = now() where id = $1 and user_id = $2 and revoked_at is null',
    [id, userId],
  );
  if (rowCount === 0) throw new Fault('not-found', 'you have no token with this id');
  await audit(pool, userId, 'token-revoke', id);
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
    requests_per_second: number | null;
    predictions_per_day: string | null;
  }>(
    `select t.id, t.user_id, u.email, u.name, u.role, u.locale, t.requests_per_second, t.predictions_per_day,
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
    limits: {
      requestsPerSecond: row.requests_per_second,
      predictionsPerDay: row.predictions_per_day === null ? null : Number(row.predictions_per_day),
    },
  };
}
