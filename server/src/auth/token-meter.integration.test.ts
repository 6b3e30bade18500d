import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { attachEngine } from '../attach.ts';
import { token } from '../cli/token.ts';
import { loadConfig } from '../config.ts';
import { startServer } from '../main.ts';
import type { ModelServer } from '../testing/model-server.ts';
import { good, startModelServer } from '../testing/model-server.ts';
import type { Visitor } from '../testing/test-server.ts';

let models: ModelServer;
let owner: Visitor;
beforeAll(async () => {
  models = await startModelServer();
  ({ owner } = models);
});
afterAll(() => models.test.close());

async function made(limits: object): Promise<Record<string, string>> {
  const { status, json } = await owner.call('POST', '/tokens', { name: 'limited', ...limits });
  expect(status).toBe(201);
  return { authorization: `Bearer ${json.token}`, 'content-type': 'application/json' };
}
const asked = (origin: string, headers: Record<string, string>, rows: readonly object[] = [good]) =>
  fetch(`${origin}/api/v1/models/risk/predict`, { method: 'POST', headers, body: JSON.stringify({ rows }) });
const today = async () => (await owner.call('GET', '/tokens')).json[0];

/** A second server process of the same database. */
async function other<Result>(work: (origin: string) => Promise<Result>): Promise<Result> {
  const dataDir = await mkdtemp(path.join(tmpdir(), 'datacraft-other-'));
  const env = { DATABASE_URL: models.test.database.url, DATACRAFT_LOG_LEVEL: 'silent', DATACRAFT_WEB_DIR: dataDir };
  const server = await startServer(loadConfig(env, { dataDir, port: '0' }), { attach: attachEngine });
  try {
    return await work(server.url);
  } finally {
    await server.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
}

describe('requests a second', () => {
  it('that are too many are refused with the time to wait, at both servers of a database together, and come back', async () => {
    const headers = await made({ requestsPerSecond: 20 });
    await other(async (origin) => {
      const startMs = performance.now();
      const answers = await Promise.all(
        Array.from({ length: 80 }, (_, at) => asked(at % 2 === 0 ? origin : models.test.origin, headers)),
      );
      const seconds = (performance.now() - startMs) / 1000;
      const passed = answers.filter(({ status }) => status === 200).length;
      expect(passed).toBeGreaterThanOrEqual(20);
      expect(passed).toBeLessThanOrEqual(20 + Math.ceil(20 * seconds));
      const refused = answers.find(({ status }) => status === 429);
      expect(refused?.headers.get('content-type')).toBe('application/problem+json');
      expect(refused?.headers.get('retry-after')).toBe('1');
      expect(await refused?.json()).toMatchObject({
        code: 'rate-limited',
        detail: expect.stringContaining('20 times a second: ask again in 1 s'),
        facts: { limit: 20, retryAfterSeconds: 1 },
      });
      await new Promise((resolve) => setTimeout(resolve, 1000));
      expect((await asked(origin, headers)).status).toBe(200);
    });
  });

  it('are counted of all that a token asks, and of no other token', async () => {
    const [limited, free] = [await made({ requestsPerSecond: 1 }), await made({})];
    const me = (headers: Record<string, string>) => fetch(`${models.test.origin}/api/v1/me`, { headers });
    const startMs = performance.now();
    const answers = await Promise.all(Array.from({ length: 40 }, (_, at) => me(at % 2 === 0 ? limited : free)));
    const seconds = (performance.now() - startMs) / 1000;
    const passed = (first: number) => answers.filter(({ status }, at) => at % 2 === first && status === 200).length;
    expect(passed(0)).toBeGreaterThanOrEqual(1);
    expect(passed(0)).toBeLessThanOrEqual(1 + Math.ceil(seconds));
    expect(passed(1)).toBe(20);
  });
});

describe('predictions a day', () => {
  it('are counted by row at every server; more are refused until midnight, and nothing of them is scored', async () => {
    const headers = await made({ predictionsPerDay: 10 });
    await other(async (origin) => {
      expect((await asked(models.test.origin, headers, Array(6).fill(good))).status).toBe(200);
      const refused = await asked(origin, headers, Array(5).fill(good));
      expect(refused.status).toBe(429);
      const wait = Number(refused.headers.get('retry-after'));
      expect(wait).toBeGreaterThan(0);
      expect(wait).toBeLessThanOrEqual(86_400);
      expect(await refused.json()).toMatchObject({
        code: 'rate-limited',
        detail: expect.stringContaining('10 rows scored a day, and 5 more do not fit'),
      });
      expect((await asked(origin, headers, Array(4).fill(good))).status).toBe(200);
      expect((await asked(models.test.origin, headers)).status).toBe(429);
    });
    expect(await today()).toMatchObject({ predictionsPerDay: 10, predictionsToday: 10, requestsPerSecond: null });
  });

  it('of rows that could not be scored are given back', async () => {
    const headers = await made({ predictionsPerDay: 3 });
    for (let at = 0; at < 3; at += 1)
      expect((await asked(models.test.origin, headers, [good, { ...good, purpose: 'boat' }])).status).toBe(400);
    const statuses = await Promise.all(Array.from({ length: 8 }, () => asked(models.test.origin, headers)));
    expect(statuses.filter(({ status }) => status === 200)).toHaveLength(3);
    expect((await today()).predictionsToday).toBe(3);
  });
});

describe('changing the limits of a token', () => {
  it('counts from the next request on, and what is left out stays', async () => {
    const headers = await made({ predictionsPerDay: 2, requestsPerSecond: 100 });
    expect((await asked(models.test.origin, headers, [good, good])).status).toBe(200);
    expect((await asked(models.test.origin, headers)).status).toBe(429);
    const { id } = await today();
    const changed = await owner.call('PATCH', `/tokens/${id}`, { predictionsPerDay: 4 });
    expect([changed.status, changed.json]).toEqual([200, await today()]);
    expect(changed.json).toMatchObject({ requestsPerSecond: 100, predictionsPerDay: 4, predictionsToday: 2 });
    expect((await asked(models.test.origin, headers, [good, good])).status).toBe(200);
    expect((await asked(models.test.origin, headers)).status).toBe(429);
    await owner.call('PATCH', `/tokens/${id}`, { predictionsPerDay: null });
    expect((await asked(models.test.origin, headers)).status).toBe(200);
    expect((await owner.call('PATCH', `/tokens/${id}`, { requestsPerSecond: 0 })).status).toBe(400);
    expect((await owner.call('PATCH', `/tokens/${id}`, { name: 'x' })).status).toBe(400);
    expect((await owner.call('PATCH', '/tokens/tok_none', { requestsPerSecond: 1 })).status).toBe(404);
  });

  it('is not for who has limits: a token cannot lift its own, nor make another without', async () => {
    const headers = await made({ requestsPerSecond: 100 });
    const { id } = await today();
    const send = (method: string, path: string, body: object) =>
      fetch(`${models.test.origin}/api/v1${path}`, { method, headers, body: JSON.stringify(body) });
    const answers = [
      await send('PATCH', `/tokens/${id}`, { requestsPerSecond: null }),
      await send('POST', '/tokens', { name: 'free' }),
    ];
    for (const answer of answers) {
      expect(answer.status).toBe(403);
      expect(await answer.text()).toContain('sign in, or use a token without limits');
    }
    expect(await today()).toMatchObject({ id, requestsPerSecond: 100 });
  });
});

describe('making a token', () => {
  it('refuses limits that are none', async () => {
    for (const limits of [{ requestsPerSecond: 0 }, { requestsPerSecond: 1.5 }, { predictionsPerDay: -1 }])
      expect((await owner.call('POST', '/tokens', { name: 'odd', ...limits })).status).toBe(400);
  });

  it('is not for one that has limits: the other would have none', async () => {
    const headers = await made({ predictionsPerDay: 1 });
    const refused = await fetch(`${models.test.origin}/api/v1/tokens`, {
      method: 'POST',
      headers,
      body: JSON.stringify({ name: 'free' }),
    });
    expect(refused.status).toBe(403);
  });

  it('with limits from the command line, and revoking it there', async () => {
    const lines: string[] = [];
    const output = { out: (text: string) => void lines.push(text), err: () => {} };
    process.env['DATABASE_URL'] = models.test.database.url;
    const run = (...args: string[]) => token([...args, '--data-dir', models.test.config.dataDir], output as never);
    try {
      await run('create', 'by hand', '--predictions-per-day', '2', '--user', 'OWNER@example.com');
      const headers = { authorization: `Bearer ${lines[0]}`, 'content-type': 'application/json' };
      expect((await asked(models.test.origin, headers, [good, good, good])).status).toBe(429);
      expect((await asked(models.test.origin, headers, [good, good])).status).toBe(200);
      await run('list');
      expect(lines[1]).toMatch(/by hand +2 +2 /);
      const { id } = await today();
      await run('limit', id, '--predictions-per-day', '3');
      expect(await today()).toMatchObject({ requestsPerSecond: null, predictionsPerDay: 3, predictionsToday: 2 });
      await run('limit', id, '--predictions-per-day', 'none', '--requests-per-second', '50');
      expect(await today()).toMatchObject({ requestsPerSecond: 50, predictionsPerDay: null });
      await expect(run('limit', id)).rejects.toThrow('token limit expects');
      await expect(run('limit', 'tok_none', '--requests-per-second', '5')).rejects.toThrow('no token with this id');
      await run('revoke', id);
      expect((await fetch(`${models.test.origin}/api/v1/me`, { headers })).status).toBe(401);
      await expect(run('create', 'x', '--requests-per-second', 'many')).rejects.toThrow('a whole number above 0');
      await expect(run('list', '--user', 'nobody@example.com')).rejects.toThrow('nobody has nobody@example.com');
    } finally {
      delete process.env['DATABASE_URL'];
    }
  });
});
