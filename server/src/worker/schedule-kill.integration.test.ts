/**
 * Two real servers, each with a scheduler and a worker, on one database: killed in turn at random moments, between a due
 * time, its slot, its job and its run. What must hold afterwards: every due time was decided once (T1, T2), each has one
 * run, and every run ended well.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createTestDatabase } from '@datacraft/migrations/testing';
import type { TestDatabase } from '@datacraft/migrations/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { datacraft } from '../testing/datacraft.ts';
import { randomOf } from '../testing/random.ts';
import { serve } from '../testing/serve.ts';

const KILLS = 10;
const EVERY_MS = 1_000;
let database: TestDatabase;
let folder: string;
beforeAll(async () => {
  database = await createTestDatabase();
  folder = await mkdtemp(path.join(tmpdir(), 'datacraft-schedule-kill-'));
});
afterAll(async () => {
  await database.close();
  await rm(folder, { recursive: true, force: true });
});

function envOf(name: string): Record<string, string> {
  return {
    DATABASE_URL: database.url,
    DATACRAFT_DATA_DIR: path.join(folder, name),
    DATACRAFT_LAKE_URL: `file://${path.join(folder, 'lake')}`,
    DATACRAFT_SECRET_KEY: 'a key of thirty-two characters or more',
    DATACRAFT_WEB_DIR: path.join(folder, 'none'),
  };
}

async function schedule(url: string, id: string): Promise<void> {
  const headers = { 'content-type': 'application/json' };
  const person = JSON.stringify({ email: 'a@example.com', password: 'correct horse', name: 'Ana' });
  const signup = await fetch(`${url}/api/v1/auth/signup`, { method: 'POST', body: person, headers });
  const cookie = (signup.headers.get('set-cookie') ?? '').split(';', 1)[0] ?? '';
  const body = JSON.stringify({ schedule: { every: '1 second', overlap: 'queue', missed: 'all', pause_after: 0 } });
  const answer = await fetch(`${url}/api/v1/notebooks/${id}/schedule`, {
    method: 'PUT',
    headers: { ...headers, cookie },
    body,
  });
  expect(answer.status).toBe(200);
}

async function rows<Row>(sql: string): Promise<Row[]> {
  return (await database.pool.query(sql)).rows as Row[];
}

describe('two schedulers, killed in turn', () => {
  it('T1 T2 lose no due time and double none, and every run ends', async () => {
    const seed = Date.now() % 1_000_000;
    console.log(`kill -9 of schedulers: seed ${seed}`);
    const random = randomOf(seed);
    const file = path.join(folder, 'ticking.md');
    await writeFile(file, '---\ndatacraft: 1\ntitle: Ticking\n---\n\n```sql ticking\nselect 1 as a\n```\n');
    const id = (await datacraft(['import', file], envOf('a'))).out.trim();
    const served = new Map([['a', await serve(envOf('a'))]]);
    await schedule(served.get('a')?.url ?? '', id);
    served.set('b', await serve(envOf('b')));
    for (let kill = 0; kill < KILLS; kill += 1) {
      await sleep(1_500 * random());
      const victim = random() < 0.5 ? 'a' : 'b';
      served.get(victim)?.program.child.kill('SIGKILL');
      await served.get(victim)?.program.outcome;
      served.set(victim, await serve(envOf(victim)));
    }
    await database.pool.query('update schedules set enabled = false');
    while ((await rows(`select 1 from runs where state in ('queued', 'running')`)).length > 0) await sleep(100);
    for (const { program } of served.values()) program.child.kill('SIGTERM');
    await Promise.all([...served.values()].map(({ program }) => program.outcome));

    const slots = await rows<{ due_at: Date; decision: string; run_id: string }>(
      'select due_at, decision, run_id from schedule_slots order by due_at',
    );
    const steps = slots.slice(1).map((slot, index) => slot.due_at.getTime() - (slots[index]?.due_at.getTime() ?? 0));
    expect(slots.length).toBeGreaterThan(KILLS);
    expect(new Set(steps)).toEqual(new Set([EVERY_MS]));
    expect(new Set(slots.map((slot) => slot.decision))).toEqual(new Set(['run']));
    const runs = await rows<{ id: string; state: string; logical_at: Date }>(
      `select id, state, logical_at from runs where trigger = 'schedule' order by logical_at`,
    );
    expect(runs.map((run) => [run.id, run.logical_at])).toEqual(slots.map((slot) => [slot.run_id, slot.due_at]));
    expect(new Set(runs.map((run) => run.state))).toEqual(new Set(['succeeded']));
  }, 300_000);
});
