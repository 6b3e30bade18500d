import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { StreamProgress } from '@datacraft/shared';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LastRead, LiveReading, RemoteAccess } from '../source.ts';
import { remoteAccess } from '../testing/remote-database.ts';
import { webhookAdapter } from './webhook.ts';

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'datacraft-webhook-'));
});
afterAll(() => rm(dir, { recursive: true, force: true }));

/** A log in memory, and a reading of it that goes on: each `look` is one commit. */
function aStream(limit: number) {
  const log: string[] = [];
  let counts = 0;
  const remote: RemoteAccess = {
    ...remoteAccess([]),
    events: (_, after, most) =>
      Promise.resolve(
        log
          .map((body, at) => ({ seq: String(at + 1), body, receivedMs: '0' }))
          .slice(Number(after), Number(after) + most),
      ),
    eventsAfter: (_, after) => {
      counts += 1;
      return Promise.resolve(log.length - Number(after));
    },
  };
  let kept: unknown;
  let last: LastRead | null = null;
  const look = async () => {
    let told: StreamProgress = {};
    const live: LiveReading = {
      nowMs: 0,
      limit,
      keep: async <Kept>(open: () => Promise<Kept>) => (kept ??= await open()) as Kept,
      tell: (progress) => void (told = progress),
    };
    const relation = { layer: 'bronze', name: 'sold' } as const;
    const context = { resolve: () => Promise.resolve([]), tempDir: dir, remote, live, last, relation };
    const found = await webhookAdapter.identify({ type: 'webhook' }, context);
    last = { identity: found.identity, state: found.state ?? null, columns: [] };
    await found.release?.();
    return told.lag;
  };
  return { log, look, counted: () => counts };
}

const events = (count: number) => Array.from({ length: count }, (_, at) => JSON.stringify({ at }));

describe('a live source of pushed events', () => {
  it('tells how many were accepted and are not taken yet, without counting them at each commit', async () => {
    const { log, look, counted } = aStream(3);
    expect(await look()).toBe(0);
    log.push(...events(10));
    expect([await look(), await look(), await look(), await look()]).toEqual([7, 4, 1, 0]);
    expect([await look(), counted()]).toEqual([0, 1]);
    log.push(...events(5));
    expect([await look(), await look()]).toEqual([2, 0]);
  });
});
