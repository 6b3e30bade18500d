/**
 * A real server killed by SIGKILL at random moments, while a rule comes to fire, its message waits and is sent. What must
 * hold: every incident was told to its channel and its end too, each under one id however often it was sent (A4, A8).
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { TestDatabase } from '@datacraft/migrations/testing';
import { createTestDatabase } from '@datacraft/migrations/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { HookSink } from '../testing/hook-sink.ts';
import { startHookSink } from '../testing/hook-sink.ts';
import { randomOf } from '../testing/random.ts';
import { serve } from '../testing/serve.ts';

const KILLS = 5;
let database: TestDatabase;
let folder: string;
let hooks: HookSink;
beforeAll(async () => {
  hooks = await startHookSink();
  database = await createTestDatabase();
  folder = await mkdtemp(path.join(tmpdir(), 'datacraft-alert-kill-'));
});
afterAll(async () => {
  await database.close();
  await rm(folder, { recursive: true, force: true });
  await hooks.close();
});

const start = () =>
  serve({
    DATABASE_URL: database.url,
    DATACRAFT_DATA_DIR: path.join(folder, 'data'),
    DATACRAFT_SECRET_KEY: 'a key of thirty-two characters or more',
    DATACRAFT_WEB_DIR: path.join(folder, 'none'),
    DATACRAFT_ALLOWED_HOSTS: '127.0.0.1',
  });

it('loses no message over kill -9, and repeats one only under its own id', async () => {
  const seed = Date.now() % 1_000_000;
  console.log(`kill -9 of alerts: seed ${seed}`);
  const random = randomOf(seed);
  let served = await start();
  const headers: Record<string, string> = { 'content-type': 'application/json' };
  const call = async (method: string, where: string, body?: object) => {
    const answer = await fetch(`${served.url}/api/v1${where}`, {
      method,
      headers,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!answer.ok) throw new Error(await answer.text());
    return answer;
  };
  const signed = await call('POST', '/auth/signup', { email: 'a@example.com', password: 'correct horse', name: 'Ana' });
  headers['cookie'] = (signed.headers.get('set-cookie') ?? '').split(';', 1)[0] ?? '';
  const target = { kind: 'webhook', url: `${hooks.url}/kill` };
  const { id: channel } = (await (await call('POST', '/alert-channels', { name: 'hook', target })).json()) as {
    id: string;
  };
  const rule = (name: string) => ({
    name,
    kind: 'metric',
    config: { metric: 'process_uptime_seconds', op: '>', value: 0 },
    everySeconds: 1,
    channels: [channel],
  });
  const rules: string[] = [];
  for (let kill = 0; kill < KILLS; kill += 1) {
    for (const name of ['a', 'b'])
      rules.push(((await (await call('POST', '/alert-rules', rule(`${name}${kill}`))).json()) as { id: string }).id);
    await sleep(1_200 * random());
    served.program.child.kill('SIGKILL');
    await served.program.outcome;
    served = await start();
  }
  const told = (kind: string) =>
    new Set(
      hooks.calls
        .map(({ body }) => JSON.parse(body))
        .filter((each) => each.kind === kind)
        .map((each) => each.title),
    );
  while (told('firing').size < rules.length) await sleep(200);
  for (const id of rules) await call('DELETE', `/alert-rules/${id}`);
  while (told('resolved').size < rules.length) await sleep(200);
  served.program.child.kill('SIGTERM');
  await served.program.outcome;
  const ids = new Map<string, Set<string>>();
  for (const { body } of hooks.calls) {
    const { title, kind, id } = JSON.parse(body);
    const key = `${title} ${kind}`;
    ids.set(key, (ids.get(key) ?? new Set()).add(id));
  }
  expect([...ids.values()].every((each) => each.size === 1)).toBe(true);
  expect(ids.size).toBe(2 * rules.length);
  const { rows } = await database.pool.query(`select state, count(*)::int as n from alert_deliveries group by 1`);
  expect(rows).toEqual([{ state: 'sent', n: 2 * rules.length }]);
  console.log(`${hooks.calls.length} posts for ${2 * rules.length} messages`);
}, 400_000);
