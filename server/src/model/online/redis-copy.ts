/**
 * Copies a feature table's online features from the database to Redis.
 *
 * C1  A table is one hash in Redis. Its field `state` says of which publish the rest of it is; both change in one step.
 * C2  A copy replaces only the state that was there before the database was read for it. So two writers, and one that
 *     was slow, never put an older state over a newer one.
 * C3  A writer that dies leaves the hash as it was, and beside it at most an unfinished one that expires.
 */
import { randomUUID } from 'node:crypto';
import type { Database, OnlineState, Queryable } from '@datacraft/engine';
import { onlinePage, onlineState } from '@datacraft/engine';
import type { Redis } from './redis-client.ts';

/** Entities' keys are JSON lists, so none of them is called so. */
export const STATE_FIELD = 'state';
/** Of one step: what runs in Redis at once holds up everybody else. */
const PAGE = 2000;
const UNFINISHED_S = 600;

export const placeOf = ({ place }: OnlineState): string => `datacraft:online:${place}`;

export const valueOf = (at: string, features: Readonly<Record<string, unknown>>): string =>
  JSON.stringify({ at, features });

/** KEYS the hash, the new one. ARGV the state that is replaced, or an empty text. */
const REPLACE = `
if (redis.call('HGET', KEYS[1], '${STATE_FIELD}') or '') ~= ARGV[1] then
  redis.call('UNLINK', KEYS[2])
  return 0
end
redis.call('UNLINK', KEYS[1])
redis.call('PERSIST', KEYS[2])
redis.call('RENAME', KEYS[2], KEYS[1])
return 1`;

/** KEYS the hash. ARGV the state that is added to, the new state, then fields and values. */
const ADD = `
if redis.call('HGET', KEYS[1], '${STATE_FIELD}') ~= ARGV[1] then return 0 end
for i = 3, #ARGV, 2 do redis.call('HSET', KEYS[1], ARGV[i], ARGV[i + 1]) end
redis.call('HSET', KEYS[1], '${STATE_FIELD}', ARGV[2])
return 1`;

/** Whether Redis holds the table's state now; false when another writer was there first. */
export async function copyOnline(db: Database, redis: Redis, relation: string): Promise<boolean> {
  const named = await onlineState(db, relation);
  if (named === null) return true;
  const before = (await redis.fields(placeOf(named), [STATE_FIELD]))[0] ?? '';
  return db.transaction(async (tx) => {
    await tx.query('set transaction isolation level repeatable read, read only');
    const state = await onlineState(tx, relation);
    if (state === null || state.token === before) return true;
    if (state.before === before) {
      const added = await onlinePage(tx, relation, { after: '', seq: state.seq, most: PAGE + 1 });
      if (added.length <= PAGE) return add(redis, state, before, added);
    }
    return replace(tx, redis, { relation, state, before });
  });
}

type Page = Awaited<ReturnType<typeof onlinePage>>;

async function add(redis: Redis, state: OnlineState, before: string, added: Page): Promise<boolean> {
  const pairs = added.flatMap(({ entity, at, features }) => [entity, valueOf(at, features)]);
  return (await redis.run(ADD, [placeOf(state)], [before, state.token, ...pairs])) === 1;
}

async function replace(
  tx: Queryable,
  redis: Redis,
  { relation, state, before }: { relation: string; state: OnlineState; before: string },
): Promise<boolean> {
  const unfinished = `${placeOf(state)}:${randomUUID()}`;
  await redis.put(unfinished, { [STATE_FIELD]: state.token }, UNFINISHED_S);
  for (let after = ''; ;) {
    const page = await onlinePage(tx, relation, { after, seq: null, most: PAGE });
    if (page.length === 0) break;
    const values = page.map(({ entity, at, features }) => [entity, valueOf(at, features)] as const);
    await redis.put(unfinished, Object.fromEntries(values), UNFINISHED_S);
    after = page.at(-1)?.entity ?? '';
  }
  return (await redis.run(REPLACE, [placeOf(state), unfinished], [before])) === 1;
}
