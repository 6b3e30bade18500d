/** Online features in a real Redis: what is answered is what the database holds, whatever happens to Redis. */
import { setTimeout as sleep } from 'node:timers/promises';
import { createTestDatabase } from '@datacraft/migrations/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { databaseOf } from '../../engine/src/store/database.ts';
import type { OnlineRow } from '../../engine/src/store/online-features.ts';
import { loadOnline, materializeOnline, onlineState } from '../../engine/src/store/online-features.ts';
import { createLog } from '../../server/src/log.ts';
import { startBus } from '../../server/src/live/bus.ts';
import type { Bus } from '../../server/src/live/bus.ts';
import { createMetrics } from '../../server/src/metric/registry.ts';
import { OnlineDatabase } from '../../server/src/model/online/database-layer.ts';
import type { Redis } from '../../server/src/model/online/redis-client.ts';
import { openRedis } from '../../server/src/model/online/redis-client.ts';
import { copyOnline, placeOf, STATE_FIELD } from '../../server/src/model/online/redis-copy.ts';
import { RedisLayer } from '../../server/src/model/online/redis-layer.ts';
import { randomOf } from '../../server/src/testing/random.ts';
import { useServices } from './for-tests.ts';
import { readRunning, restart } from './supervise.ts';
import { killedSoon } from './testing/killed-soon.ts';

const ENTITIES = 5000;
const env = useServices('redis');
const metrics = createMetrics();
let database: Awaited<ReturnType<typeof createTestDatabase>>;
let db: ReturnType<typeof databaseOf>;
let bus: Bus;
let layer: RedisLayer;
let redis: Redis;
const log = createLog('silent');

beforeAll(async () => {
  database = await createTestDatabase();
  db = databaseOf(database.pool);
  bus = await startBus({ pool: database.pool, url: database.url });
  const url = env['REDIS_URL'] ?? '';
  layer = new RedisLayer(url, { db, database: new OnlineDatabase(db), bus, metrics, log });
  redis = openRedis(url, { onUp: () => undefined, onDown: () => undefined });
  await until(() => redis.isUp() && layer.problem() === null);
});
afterAll(async () => {
  await layer.stop();
  redis.stop();
  await bus.stop();
  await database.close();
});

async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isSo())) await sleep(10);
}

const publish = (name: string, rows: readonly OnlineRow[], whole: boolean) =>
  db.transaction((tx) => materializeOnline(tx, { layer: 'gold', name }, `run_${Math.random()}`, { rows, whole }));

const readsFrom = (from: string) =>
  metrics
    .families()
    .find(({ name }) => name === 'datacraft_online_reads_total')
    ?.samples.find(({ labels }) => labels['from'] === from)?.value ?? 0;

/** What was answered, and who said so. */
async function asked(relation: string, entities: readonly string[]) {
  const before = readsFrom('redis');
  const answered = await layer.load(relation, entities);
  const said = entities.map((entity) => answered.get(entity) ?? null);
  const { known } = await loadOnline(db, relation, entities);
  expect(said).toEqual(entities.map((entity) => known.get(entity) ?? null));
  return readsFrom('redis') > before ? 'redis' : 'database';
}

const rowOf = (n: number, at: string, v: number) => ({
  entity: `["${n}"]`,
  at,
  features: JSON.stringify({ v, s: 'é"\n' }),
});
const day = (n: number) => new Date(Date.UTC(2026, 0, n)).toISOString();
const some = ['["1"]', '["2"]', '["17"]', '["none"]'];

describe('online features in Redis', () => {
  it('O1 O2 are those of the database after every publish, whole or in part, older rows too, and after each loss', async () => {
    const seed = Date.now() % 1_000_000;
    console.log(`online features in Redis: seed ${seed}`);
    const random = randomOf(seed);
    await publish('walked', [rowOf(1, day(1), 0)], true);
    for (let step = 0; step < 60; step += 1) {
      const rows = Array.from({ length: 1 + Math.floor(random() * 30) }, (_, n) =>
        rowOf(n, day(1 + Math.floor(random() * 300)), step),
      );
      await publish('walked', rows, random() < 0.3);
      if (random() < 0.15) await redis.run(`return redis.call('FLUSHALL')`, [], []);
      await asked('gold.walked', some);
      if (random() < 0.5) await until(async () => (await asked('gold.walked', some)) === 'redis');
    }
    await until(async () => (await asked('gold.walked', some)) === 'redis');
  });

  it('follow publishes by themselves, before anybody asks', async () => {
    const held = async () => {
      const state = await onlineState(db, 'gold.followed');
      return state !== null && (await redis.fields(placeOf(state), [STATE_FIELD]))[0] === state.token;
    };
    await publish('followed', [rowOf(1, day(1), 1)], true);
    await until(held);
    await publish('followed', [rowOf(2, day(1), 1)], false);
    await until(held);
    expect(await asked('gold.followed', some)).toBe('redis');
  });

  it('C2 go never backwards: a copy that was read before another one was made does not replace it', async () => {
    await publish('raced', [rowOf(1, day(1), 1)], true);
    await copyOnline(db, redis, 'gold.raced');
    const copies = Array.from({ length: 12 }, async (_, at) => {
      await publish('raced', [rowOf(1, day(2 + at), 2 + at)], at % 2 === 0);
      return copyOnline(db, redis, 'gold.raced');
    });
    await Promise.all(copies);
    await until(async () => (await asked('gold.raced', some)) === 'redis');
    const state = await onlineState(db, 'gold.raced');
    const old = `9:${crypto.randomUUID()}`;
    const key = placeOf(state ?? { place: '', token: '', seq: '', before: null });
    await redis.run(
      `return redis.call('HSET', KEYS[1], ARGV[1], ARGV[2], ARGV[3], ARGV[4])`,
      [key],
      [STATE_FIELD, old, '["1"]', '{"at":"x","features":{"v":-1}}'],
    );
    expect(await asked('gold.raced', some)).toBe('database');
    await until(async () => (await asked('gold.raced', some)) === 'redis');
  });

  it('C3 are whole when the one who copies is killed at any moment', async () => {
    const relation = 'gold.killed';
    const seed = Date.now() % 1_000_000;
    console.log(`kill -9 of a copy to Redis: seed ${seed}`);
    const random = randomOf(seed);
    const child = new URL('./testing/copy-child.ts', import.meta.url).pathname;
    for (let cycle = 0; cycle < 8; cycle += 1) {
      const args = [child, database.url, env['REDIS_URL'] ?? '', 'killed', String(ENTITIES), String(cycle * 1000)];
      expect(await killedSoon(args, 800 + random() * 2500)).toBe(true);
      const state = await onlineState(db, relation);
      if (state === null) continue;
      const all = (await redis.run(`return redis.call('HVALS', KEYS[1])`, [placeOf(state)], [])) as string[];
      const versions = new Set(
        all.filter((value) => value.startsWith('{')).map((value) => JSON.parse(value).features.v),
      );
      expect([0, ENTITIES + 1]).toContain(all.length);
      expect(versions.size).toBe(all.length === 0 ? 0 : 1);
      await asked(relation, some);
    }
    await until(async () => (await asked(relation, some)) === 'redis');
  });

  it('come from the database while Redis is killed, and from Redis once it is back', async () => {
    await publish('away', [rowOf(1, day(1), 1)], true);
    await until(async () => (await asked('gold.away', some)) === 'redis');
    process.kill((await readRunning('redis'))?.pid ?? 0, 'SIGKILL');
    expect(await asked('gold.away', some)).toBe('database');
    await until(() => layer.problem() !== null);
    await publish('away', [rowOf(1, day(2), 2)], true);
    expect(await asked('gold.away', some)).toBe('database');
    await restart('redis');
    await until(async () => (await asked('gold.away', some)) === 'redis');
    expect(layer.problem()).toBeNull();
  });

  it('do not wait for a Redis that hangs', async () => {
    const pid = (await readRunning('redis'))?.pid ?? 0;
    await until(async () => (await asked('gold.away', some)) === 'redis');
    process.kill(pid, 'SIGSTOP');
    expect(await asked('gold.away', some)).toBe('database');
    expect(layer.problem()).toContain('did not answer');
    process.kill(pid, 'SIGCONT');
    await until(async () => (await asked('gold.away', some)) === 'redis');
  });
});
