import { createTestDatabase } from '@datacraft/migrations/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { databaseOf } from '../../../../engine/src/store/database.ts';
import type { OnlineRow } from '../../../../engine/src/store/online-features.ts';
import { loadOnline, materializeOnline } from '../../../../engine/src/store/online-features.ts';
import { createMetrics } from '../../metric/registry.ts';
import { randomOf } from '../../testing/random.ts';
import { OnlineDatabase } from './database-layer.ts';
import { MemoryLayer } from './memory-layer.ts';

let database: Awaited<ReturnType<typeof createTestDatabase>>;
let db: ReturnType<typeof databaseOf>;
let layer: MemoryLayer;
const metrics = createMetrics();
beforeAll(async () => {
  database = await createTestDatabase();
  db = databaseOf(database.pool);
  layer = new MemoryLayer(new OnlineDatabase(db), metrics);
});
afterAll(() => database.close());

const publish = (name: string, rows: readonly OnlineRow[], whole: boolean) =>
  db.transaction((tx) => materializeOnline(tx, { layer: 'gold', name }, 'run_1', { rows, whole }));
const end = (name: string) => db.transaction((tx) => materializeOnline(tx, { layer: 'gold', name }, 'run_1', null));

const fromMemory = () =>
  metrics
    .families()
    .find(({ name }) => name === 'datacraft_online_reads_total')
    ?.samples.find(({ labels }) => labels['from'] === 'memory')?.value ?? 0;

const day = (n: number) => new Date(Date.UTC(2026, 0, n)).toISOString();
const rowOf = (n: number, at: string, v: number) => ({ entity: `["${n}"]`, at, features: JSON.stringify({ v }) });
const some = ['["1"]', '["2"]', '["none"]'];

async function expectSame(relation: string): Promise<void> {
  const answered = await layer.load(relation, some);
  const { known } = await loadOnline(db, relation, some);
  expect(some.map((entity) => answered.get(entity) ?? null)).toEqual(some.map((entity) => known.get(entity) ?? null));
}

describe('online features in memory', () => {
  it('O1 are those of the database after every publish, whole or in part, older rows too, and after the end', async () => {
    const seed = Date.now() % 1_000_000;
    console.log(`online features in memory: seed ${seed}`);
    const random = randomOf(seed);
    for (let step = 0; step < 80; step += 1) {
      const rows = Array.from({ length: 3 }, (_, n) => rowOf(n, day(1 + Math.floor(random() * 300)), step));
      if (random() < 0.1) await end('walked');
      else await publish('walked', rows.slice(0, 1 + Math.floor(random() * 3)), random() < 0.4);
      await expectSame('gold.walked');
    }
  });

  it('come from memory as long as nothing was published, also that an entity is not known', async () => {
    await publish('kept', [rowOf(1, day(1), 1)], true);
    await expectSame('gold.kept');
    const before = fromMemory();
    await expectSame('gold.kept');
    expect(fromMemory()).toBe(before + 1);
    await publish('other', [rowOf(1, day(1), 2)], true);
    await expectSame('gold.kept');
    expect(fromMemory()).toBe(before + 2);
    await publish('kept', [rowOf(2, day(1), 3)], false);
    await expectSame('gold.kept');
    expect(fromMemory()).toBe(before + 2);
  });
});
