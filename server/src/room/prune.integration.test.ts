import type { TestDatabase } from '@datacraft/migrations/testing';
import { createTestDatabase } from '@datacraft/migrations/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Doc, encodeStateAsUpdate } from 'yjs';
import type { Bus } from '../live/bus.ts';
import { startBus } from '../live/bus.ts';
import { createUpdateLog } from './update-log.ts';

let database: TestDatabase;
let bus: Bus;

beforeAll(async () => {
  database = await createTestDatabase();
  bus = await startBus({ pool: database.pool, url: database.url });
  await database.pool.query(`insert into notebooks (id, title) values ('old', 'old'), ('bare', 'bare')`);
});
afterAll(async () => {
  await bus.stop();
  await database.close();
});

const update = (key: string) => {
  const doc = new Doc();
  doc.getMap('notebook').set(key, 1);
  return { data: encodeStateAsUpdate(doc), userId: null };
};
const age = (notebookId: string, days: number) =>
  database.pool.query(`update document_updates set created_at = now() - $2 * interval '1 day' where notebook_id = $1`, [
    notebookId,
    days,
  ]);

describe('pruning the log of documents', () => {
  it('L3 keeps what is young, what no checkpoint holds, and the last number', async () => {
    const log = createUpdateLog(database.pool, bus);
    const first = await log.append('old', ['a', 'b', 'c'].map(update));
    await log.append('bare', [update('x')]);
    await Promise.all([age('old', 100), age('bare', 100)]);
    expect(await log.prune(90)).toBe(0);
    await log.checkpoint('old', first.to, () => Buffer.from('whole'));
    expect(await log.prune(101)).toBe(0);
    expect(await log.prune(90)).toBe(2);
    const stored = await log.load('old');
    expect([stored?.checkpoint?.toString(), stored?.updates.length, stored?.seq]).toEqual(['whole', 0, first.to]);
    const more = await log.append('old', [update('d')]);
    expect(more.previous).toBe(first.to);
    expect((await log.load('bare'))?.updates).toHaveLength(1);
  });

  it('L3 loses no edit of a document whose older checkpoints are still kept', async () => {
    const log = createUpdateLog(database.pool, bus);
    await database.pool.query(`insert into notebooks (id, title) values ('many', 'many')`);
    const steps = [];
    for (const key of ['a', 'b', 'c']) {
      const { to } = await log.append('many', [update(key)]);
      steps.push(to);
      await log.checkpoint('many', to, () => Buffer.from(key));
    }
    await age('many', 365);
    expect(await log.prune(90)).toBe(0);
    expect(await log.read('many', steps[0] ?? 0n, steps[2] ?? 0n)).toHaveLength(3);
  });
});
