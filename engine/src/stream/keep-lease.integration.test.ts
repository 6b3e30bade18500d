import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createTestDatabase } from '@datacraft/migrations/testing';
import { parseNotebook } from '@datacraft/shared';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Workshop } from '../run/testing/workshop.ts';
import { createWorkshop } from '../run/testing/workshop.ts';
import { createFileResolver } from '../source/file/resolver.ts';
import { readsEverything } from '../store/relations.ts';
import { appendEvents, readEvents } from '../store/stream-events.ts';
import { claimStream, pauseStream } from '../store/streams.ts';
import { runClaimed } from './run-claimed.ts';
import { createStreamOf } from './testing/stream-row.ts';

let shop: Workshop;
beforeAll(async () => {
  shop = await createWorkshop(await createTestDatabase());
});
afterAll(() => shop.close());

/** Longer than a lease. */
const SLOW_MS = 12_000;

describe('a beginning and a commit that take longer than a lease', () => {
  it('I5 keep their stream meanwhile, land once, and end when it is paused', async () => {
    const { db } = shop.deps;
    const of = { notebookId: 'slow', cell: 'slow', relation: 'bronze.slow' };
    const { streamId } = await createStreamOf(db, of);
    const { notebook } = parseNotebook('```source slow\ntype: webhook\ncolumns: { n: integer }\n```\n');
    await db.query(`update streams set document = $2, lease_expires_at = null where id = $1`, [
      streamId,
      JSON.stringify(notebook),
    ]);
    await appendEvents(db, 'bronze.slow', [{ key: null, body: '{"n": 7}' }], null);
    let isFirst = true;
    const refuse = () => Promise.reject(new Error('nothing of the kind here'));
    const remote = {
      secret: refuse,
      connection: refuse,
      allowedHosts: [],
      events: async (relation: string, after: string, limit: number) => {
        if (isFirst) await sleep(SLOW_MS);
        isFirst = false;
        return readEvents(db, relation, after, limit);
      },
    };
    const claimed = await claimStream(db, 'first:1:a', []);
    if (claimed === null) throw new Error('nobody runs it');
    const stopping = new AbortController();
    const running = runClaimed(
      claimed,
      {
        deps: { ...shop.deps, remote },
        resolveFor: () => createFileResolver({ root: join(shop.root, 'files'), cacheDir: join(shop.root, 'cache') }),
        mayReadFor: async () => {
          await sleep(SLOW_MS);
          return readsEverything;
        },
        onCommit: () => undefined,
      },
      stopping.signal,
    );
    for (const startedAt = performance.now(); performance.now() - startedAt < 2 * SLOW_MS; await sleep(500))
      expect(await claimStream(db, 'second:2:b', [])).toBeNull();
    let found: unknown = [];
    for (let tries = 0; tries < 400 && JSON.stringify(found) !== '[[7]]'; tries += 1) {
      await sleep(100);
      found = await shop.rows('select n::int from bronze.slow').catch(() => []);
    }
    expect(found).toEqual([[7]]);
    await pauseStream(db, streamId);
    await running;
    expect((await db.query('select lease_expires_at from streams where id = $1', [streamId])).rows).toEqual([
      { lease_expires_at: null },
    ]);
  }, 120_000);
});
