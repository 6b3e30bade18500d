import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { attachEngine } from '../attach.ts';
import { loadConfig } from '../config.ts';
import { startServer } from '../main.ts';
import type { ModelServer } from '../testing/model-server.ts';
import { good, startModelServer } from '../testing/model-server.ts';
import type { TestServer, Visitor } from '../testing/test-server.ts';

let models: ModelServer;
let test: TestServer;
let owner: Visitor;
beforeAll(async () => {
  models = await startModelServer();
  ({ test, owner } = models);
  // Version 2 decides otherwise and knows no "study"; version 3 is another model under this name.
  await putVersion(2, 'risk', (file) => ({
    ...file,
    decision: { approve: 0.05, deny: 0.5 },
    features: (file['features'] as { name: string; levels: string[] }[]).map((each) =>
      each.name === 'purpose'
        ? { ...each, levels: each.levels.map((level) => (level === 'study' ? 'boat' : level)) }
        : each,
    ),
  }));
  await putVersion(3, 'comes', (file) => file);
});
afterAll(() => test.close());

type Model = Record<string, unknown>;

async function putVersion(version: number, from: string, change: (file: Model) => Model): Promise<void> {
  const { pool } = test.database;
  const { rows } = await pool.query(`select bytes from model_versions where name = $1 and version = 1`, [from]);
  const bytes = Buffer.from(JSON.stringify(change(JSON.parse(rows[0].bytes.toString('utf8')))));
  await pool.query(
    `insert into model_versions (name, version, layer, owner_key, notebook_id, run_id, fingerprint, spec, params, seed,
       report, snapshots, bytes, sha256)
     select 'risk', $2, layer, owner_key, notebook_id, run_id, fingerprint, spec, params, seed,
       case when $1 = 'risk' then report else jsonb_set(report, '{target}', '"defaulted"') end, snapshots, $3, 'made'
       from model_versions where name = $1 and version = 1`,
    [from, version, bytes],
  );
}

const roll = (body: object, by = owner) => by.call('PUT', '/models/risk/rollout', body);
const running = async () => (await owner.call('GET', '/models/risk')).json.rollout;
const counted = (found: object) =>
  vi.waitFor(async () => expect(await running()).toMatchObject(found), { timeout: 15_000 });
const people = (count: number, more: object = {}) =>
  Array.from({ length: count }, (_, at) => ({ ...good, loan_id: at, income: 1000 + ((at * 7919) % 9000), ...more }));
const versionsOf = (json: { predictions: { version: number }[] }) => json.predictions.map(({ version }) => version);

describe('a canary', () => {
  it('answers its part of the entities, the same ones each time and more of them as it grows', async () => {
    expect((await roll({ version: 2, mode: 'canary', percent: 30 })).json.rollout).toMatchObject({
      version: 2,
      mode: 'canary',
      percent: 30,
      by: 'owner',
      asked: 0,
      agreement: null,
    });
    const rows = people(1000);
    const { json } = await models.predict({ rows });
    const first = versionsOf(json);
    const part = first.filter((version) => version === 2).length;
    expect(part).toBeGreaterThan(240);
    expect(part).toBeLessThan(360);
    expect(versionsOf((await models.predict({ rows })).json)).toEqual(first);
    const at = first.indexOf(2);
    const alone = (await models.predict(rows[at])).json;
    expect([alone.version, alone.prediction]).toEqual([2, json.predictions[at].prediction]);
    const explained = (await owner.call('POST', '/models/risk/explain', rows[at])).json;
    expect([explained.version, explained.explanation.input]).toEqual([2, rows[at]]);
    await counted({ asked: 2001, answered: 2 * part + 1, compared: 2 * part + 1, errors: 0, dropped: 0, agreement: 1 });
    expect((await running()).decidedOtherwise).toBeGreaterThan(0);

    await roll({ version: 2, mode: 'canary', percent: 60 });
    const grown = versionsOf((await models.predict({ rows })).json);
    for (const [which, version] of first.entries()) if (version === 2) expect(grown[which]).toBe(2);
    expect(grown.filter((version) => version === 2).length).toBeGreaterThan(part);
    await counted({ percent: 60, asked: 3001 });

    const { json: stored } = await owner.call('GET', `/models/risk/predictions/${alone.id}`);
    expect(stored).toMatchObject({ version: 2, same: true, beside: { version: 1, answer: { prediction: true } } });
    expect((await owner.call('GET', '/models/risk/predictions?version=1&last=1000')).json).toHaveLength(1000);
  });

  it('leaves whoever asks for a version alone', async () => {
    for (const [asked, version] of [
      ['champion', 1],
      ['1', 1],
      ['2', 2],
    ] as const) {
      const { json } = await models.predict({ rows: people(50) }, `?version=${asked}`);
      expect([json.version, json.predictions[0].version]).toEqual([version, undefined]);
    }
  });

  it('that cannot score a row leaves it to the champion, and the others are its own; what is refused stays refused', async () => {
    await roll({ version: 2, mode: 'canary', percent: 100 });
    const before = await running();
    const rows = [...people(10), ...people(10, { purpose: 'study' })];
    const { status, json } = await models.predict({ rows });
    expect([status, versionsOf(json)]).toEqual([200, [...Array(10).fill(2), ...Array(10).fill(1)]]);
    await counted({ errors: before.errors + 10, answered: before.answered + 10, asked: before.asked + 20 });
    const bad = await models.predict({ rows: [good, { ...good, purpose: 'boat' }] });
    expect([bad.status, bad.json.detail]).toEqual([400, expect.stringContaining('row 2: "purpose" expects one of')]);
  });

  it('is there in every process at once, and after a restart with what it counted', async () => {
    const before = await running();
    const dataDir = await mkdtemp(path.join(tmpdir(), 'datacraft-other-'));
    const env = { DATABASE_URL: test.database.url, DATACRAFT_LOG_LEVEL: 'silent', DATACRAFT_WEB_DIR: dataDir };
    const start = () => startServer(loadConfig(env, { dataDir, port: '0' }), { attach: attachEngine });
    const ask = async (url: string, body: object) => {
      const headers = { cookie: owner.cookie, 'content-type': 'application/json' };
      const sent = await fetch(`${url}/api/v1/models/risk/predict`, {
        method: 'POST',
        headers,
        body: JSON.stringify(body),
      });
      return (await sent.json()) as { version: number };
    };
    const first = await start();
    expect((await ask(first.url, good)).version).toBe(2);
    await owner.call('DELETE', '/models/risk/rollout');
    expect((await ask(first.url, good)).version).toBe(1);
    await roll({ version: 2, mode: 'canary', percent: 100 });
    expect((await ask(first.url, good)).version).toBe(2);
    await first.stop();
    const again = await start();
    expect((await ask(again.url, good)).version).toBe(2);
    await again.stop();
    await rm(dataDir, { recursive: true, force: true });
    expect(before.asked).toBeGreaterThan(2);
    expect(await running()).toMatchObject({ asked: 2, answered: 2 });
  });
});

describe('what it came to', () => {
  const series = async (by = owner) => {
    const { text } = await by.call('GET', '/metrics');
    return new Map(text.split('\n').map((line) => [line.split(' ')[0] ?? '', Number(line.split(' ').at(-1))]));
  };

  it('is in /metrics: rows by who answered, and by version for those who may know of models', async () => {
    await roll({ version: 2, mode: 'canary', percent: 100 });
    const { json: made } = await owner.call('POST', '/tokens', { name: 'scrape' });
    const named = async () => {
      const headers = { authorization: `Bearer ${made.token}` };
      const text = await (await fetch(`${test.origin}/metrics`, { headers })).text();
      return new Map(text.split('\n').map((line) => [line.split(' ')[0] ?? '', Number(line.split(' ').at(-1))]));
    };
    const [asked, own] = [
      'datacraft_predictions_total{by="canary"}',
      'datacraft_model_predictions_total{model="risk",version="2"}',
    ];
    const before = await named();
    const standing = (await running()) as { asked: number };
    await models.predict({ rows: people(40) });
    await counted({ asked: standing.asked + 40 });
    const after = await named();
    expect((after.get(asked) ?? 0) - (before.get(asked) ?? 0)).toBe(40);
    expect((after.get(own) ?? 0) - (before.get(own) ?? 0)).toBe(40);
    const labels = 'model="risk",version="2",mode="canary"';
    expect(after.get(`datacraft_model_rollout_rows_total{${labels},what="asked"}`)).toBe(standing.asked + 40);
    expect(after.has(`datacraft_model_rollout_rows_total{${labels},what="disagreed"}`)).toBe(true);
    expect(after.get('datacraft_rollouts{mode="canary"}')).toBe(1);
    const strangers = await series(test.anonymous());
    expect([...strangers.keys()].filter((name) => name.includes('risk'))).toEqual([]);
    expect(strangers.get('datacraft_rollout_rows_total{mode="canary",what="asked"}')).toBeGreaterThanOrEqual(40);
  });

  it('is kept when it ends, by hand or by a promotion, with what was counted after', async () => {
    const kept = async () => (await owner.call('GET', '/models/risk')).json.rollouts;
    const before = await running();
    await models.predict({ rows: people(10) });
    await owner.call('DELETE', '/models/risk/rollout');
    await vi.waitFor(async () =>
      expect((await kept())[0]).toMatchObject({
        version: 2,
        mode: 'canary',
        outcome: 'ended',
        asked: before.asked + 10,
        agreement: 1,
        by: 'owner',
      }),
    );
    await roll({ version: 2, mode: 'shadow', percent: 50 });
    await owner.call('POST', '/models/risk/promote', { version: 2 });
    expect((await kept()).slice(0, 2)).toMatchObject([
      { version: 2, mode: 'shadow', percent: 50, outcome: 'promoted' },
      { version: 2, mode: 'canary', outcome: 'ended' },
    ]);
    await owner.call('POST', '/models/risk/promote', { version: 1 });
    await roll({ version: 2, mode: 'canary', percent: 100 });
  });

  it('a version that cannot be opened any more is told with its reason; the champion answers', async () => {
    const { pool } = test.database;
    await putVersion(4, 'risk', (file) => file);
    await roll({ version: 4, mode: 'canary', percent: 100 });
    await pool.query(`update model_versions set bytes = 'no model' where name = 'risk' and version = 4`);
    const dataDir = await mkdtemp(path.join(tmpdir(), 'datacraft-other-'));
    const env = { DATABASE_URL: test.database.url, DATACRAFT_LOG_LEVEL: 'silent', DATACRAFT_WEB_DIR: dataDir };
    const other = await startServer(loadConfig(env, { dataDir, port: '0' }), { attach: attachEngine });
    try {
      const headers = { cookie: owner.cookie, 'content-type': 'application/json' };
      const url = `${other.url}/api/v1/models/risk/predict`;
      const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify(good) });
      expect([answer.status, ((await answer.json()) as { version: number }).version]).toEqual([200, 1]);
    } finally {
      await other.stop();
      await rm(dataDir, { recursive: true, force: true });
    }
    const told = await running();
    expect(told).toMatchObject({ version: 4, failure: expect.stringContaining('version 4 of risk cannot be opened') });
    expect(Date.parse(told.failedAt)).toBeGreaterThan(Date.parse(told.since));
    await roll({ version: 2, mode: 'canary', percent: 100 });
    expect((await owner.call('GET', '/models/risk')).json.rollouts[0]).toMatchObject({
      version: 4,
      failure: told.failure,
    });
  });
});

describe('a branch', () => {
  it('has versions of its own, and no rollout', async () => {
    const { json: fork } = await owner.call('POST', `/notebooks/${models.notebookId}/branches`, { name: 'apart' });
    const { json: told } = await owner.call('GET', `/models/risk?branch=${fork.id}`);
    expect([told.version, told.rollout]).toEqual([1, null]);
    expect((await models.predict(good, `?branch=${fork.id}`)).json.version).toBe(1);
    expect((await models.predict(good)).json.version).toBe(2);
  });
});

describe('a shadow', () => {
  it('is never heard; what it says lies beside the predictions and is compared, and drift knows nothing of it', async () => {
    await roll({ version: 2, mode: 'shadow', percent: 100 });
    const rows = people(300);
    const { json } = await models.predict({ rows });
    expect([json.version, json.predictions.some((each: object) => 'version' in each)]).toEqual([1, false]);
    await counted({ mode: 'shadow', asked: 300, answered: 0, compared: 300, agreed: 300, errors: 0, dropped: 0 });
    const { decided, decidedOtherwise } = await running();
    expect([decided, decidedOtherwise > 0]).toEqual([300, true]);
    const stored = (await owner.call('GET', '/models/risk/predictions?last=300')).json;
    expect(new Set(stored.map((each: { version: number }) => each.version))).toEqual(new Set([1]));
    const differing = stored.filter(
      ({
        answer,
        beside,
      }: {
        answer: { decision: string };
        beside: { version: number; answer: { decision: string } };
      }) => beside.version === 2 && beside.answer.decision !== answer.decision,
    );
    expect(differing).toHaveLength(decidedOtherwise);
    const drift = (version: number) => owner.call('GET', `/models/risk/drift?version=${version}`);
    const before = (await drift(2)).json.rows;
    await models.predict({ rows });
    await counted({ compared: 600 });
    expect((await drift(2)).json.rows).toBe(before);
  });

  it('drops what is more than it can score, and answers all of it', async () => {
    const before = await running();
    const { status, json } = await models.predict({ rows: people(5000) });
    expect([status, json.predictions.length]).toEqual([200, 5000]);
    await counted({ asked: before.asked + 5000, dropped: 3000, compared: before.compared + 2000 });
  });
});

describe('a rollout', () => {
  it('is of another version of the same inputs', async () => {
    const refused = async (body: object) => {
      const { status, json } = await roll(body);
      return [status, json.detail];
    };
    expect(await refused({ version: 1, mode: 'canary', percent: 10 })).toEqual([
      409,
      'version 1 of risk is the champion and answers already: choose another',
    ]);
    expect((await refused({ version: 9, mode: 'canary', percent: 10 }))[0]).toBe(404);
    expect(await refused({ version: 3, mode: 'shadow', percent: 10 })).toEqual([
      409,
      expect.stringContaining('wants other inputs than the champion (income, age, purpose, married, asked_on, weekday'),
    ]);
    for (const percent of [0, 101, 1.5]) expect((await refused({ version: 2, mode: 'canary', percent }))[0]).toBe(400);
    expect((await refused({ version: 2, mode: 'blue', percent: 10 }))[0]).toBe(400);
    expect(await running()).toMatchObject({ version: 2, mode: 'shadow' });
  });

  it('is begun and ended by who may promote, and written in the audit log', async () => {
    const body = { version: 2, mode: 'canary', percent: 10 };
    for (const role of ['viewer', 'runner'] as const) {
      const visitor = await test.member(role);
      expect((await roll(body, visitor)).status).toBe(403);
      expect((await visitor.call('DELETE', '/models/risk/rollout')).status).toBe(403);
      expect((await visitor.call('GET', '/models/risk')).json.rollout.mode).toBe('shadow');
    }
    expect((await roll(body, test.anonymous())).status).toBe(401);
    const editor = await test.member('editor');
    expect((await roll(body, editor)).json.rollout).toMatchObject({ percent: 10, by: editor.me?.name });
    expect((await editor.call('DELETE', '/models/risk/rollout')).json.rollout).toBeNull();
    expect((await editor.call('DELETE', '/models/risk/rollout')).json.code).toBe('not-found');
    const { rows } = await test.database.pool.query(
      `select action from audit_entries where action like 'model-rollout%' order by id desc limit 2`,
    );
    expect(rows.map(({ action }) => action)).toEqual(['model-rollout-end', 'model-rollout']);
    const { paths } = (await owner.call('GET', '/openapi.json')).json;
    expect(Object.keys(paths['/api/v1/models/{name}/rollout'])).toEqual(['put', 'delete']);
  });

  it('ends with a promotion, of its version or another, which fails no request under load', async () => {
    const statuses = new Set<number>();
    let isOver = false;
    const asking = Array.from({ length: 8 }, async (_, which) => {
      for (let at = which; !isOver; at += 8) statuses.add((await models.predict({ ...good, loan_id: at })).status);
    });
    for (const version of [2, 1]) {
      await roll({ version, mode: 'canary', percent: 50 });
      await counted({ version, answered: expect.toSatisfy((count: number) => count > 20) });
      const { json } = await owner.call('POST', '/models/risk/promote', { version });
      expect([json.version, json.rollout]).toEqual([version, null]);
      expect((await models.predict(good)).json.version).toBe(version);
    }
    await owner.call('POST', '/models/risk/promote', { version: 2 });
    await roll({ version: 1, mode: 'shadow', percent: 100 });
    isOver = true;
    await Promise.all(asking);
    await owner.call('POST', '/models/risk/promote', { version: 3 });
    expect(await running()).toBeNull();
    expect([...statuses]).toEqual([200]);
  });
});
