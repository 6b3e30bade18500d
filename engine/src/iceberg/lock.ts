import { createHash } from 'node:crypto';
import type { RelationRef } from '@datacraft/shared';
import { CATALOG_NAME } from './catalog.ts';
import type { Queryable } from './table.ts';

/**
 * Locks tables for the caller's transaction, whether they exist yet or not (a row lock could not: there is no row to
 * lock before the first commit). Keys are taken in one order by everybody, so transactions that commit several tables
 * wait for each other and never deadlock, as long as each locks once.
 *
 * After it, a statement of a READ COMMITTED transaction sees what the one before committed.
 */
export async function lockTables(client: Queryable, refs: readonly RelationRef[]): Promise<void> {
  const keys = [...new Set(refs.map(lockKeyOf))].sort((a, b) => (a < b ? -1 : 1));
  await client.query('select pg_advisory_xact_lock(key) from unnest($1::bigint[]) as key', [keys.map(String)]);
}

function lockKeyOf(ref: RelationRef): bigint {
  const name = `${CATALOG_NAME}\u0000${ref.layer}\u0000${ref.name}`;
  return createHash('sha256').update(name).digest().readBigInt64BE();
}
