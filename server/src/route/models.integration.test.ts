import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { attachEngine } from '../attach.ts';
import { datacraft } from '../testing/datacraft.ts';
import type { TestServer, Visitor } from '../testing/test-server.ts';
import { startTestServer } from '../testing/test-server.ts';

let test: TestServer;
let owner: Visitor;
let notebookId: string;
beforeAll(async () => {
  test = await startTestServer({}, { attach: attachEngine });
  owner = await test.owner();
  notebookId = await imported(text(20));
  await run();
});
afterAll(() => test.close());

const text = (trees: number) => `---
datacraft: 1
title: Scores
---

\`\`\`sql loans
select i as loan_id, (1000 + (i * 7919) % 9000)::integer as income, (18 + (i * 104729) % 50)::integer as age,
  case (i * 31) % 3 when 0 then 'car' when 1 then 'house' else 'study' end as purpose,
  case when i % 9 > 0 then i % 5 = 0 end as married, date '2024-01-01' + (i % 365)::integer as asked_on,
  (i * 7919) % 9000 + 100 * ((i * 104729) % 50) < 5000 as defaulted
from range(600) t(i)
\`\`\`

\`\`\`model risk
task: classification
from: loans
target: defaulted
features: [income, age, purpose, married, asked_on]
algorithm: random_forest
params: { trees: ${trees} }
decision: { approve: 0.3, deny: 0.7 }
\`\`\`

\`\`\`sql person_features
---
layer: gold
feature_table: { entity: person_id, timestamp: known_on }
---
select p as person_id, (date '2024-01-01' + to_months(m::integer))::date as known_on, (p * 37 + m * 5) % 100 / 10.0 as score,
  case when p % 5 > 0 then (p % 3)::integer end as visits from range(50) a(p), range(12) b(m)
\`\`\`

\`\`\`sql visits
select i as visit_id, i % 50 as person_id, timestamp '2024-02-01' + to_hours((i * 37 % 7000)::integer) as seen_at, i % 7 as weekday,
  ((i % 50) * 37) % 100 > 50 as came from range(500) t(i)
\`\`\`

\`\`\`model comes
task: classification
from: visits
time_column: seen_at
target: came
features: [weekday, score, visits]
feature_tables: person_features
algorithm: logistic_regression
\`\`\`

\`\`\`sql months
select (date '2015-01-01' + to_months(i::integer))::date as month, 100 + i + 10 * sin(i * pi() / 6) as sold from range(60) t(i)
\`\`\`

\`\`\`model sales_ahead
task: forecast
from: months
time_column: month
target: sold
horizon: 6
\`\`\`
`;

async function imported(markdown: string): Promise<string> {
  const { json } = await owner.call('POST', '/notebooks/import', markdown, { 'content-type': 'text/markdown' });
  return json.id;
}

async function run(options: object = {}): Promise<void> {
  const { json } = await owner.call('POST', `/notebooks/${notebookId}/runs`, options);
  for (;;) {
    const { json: report } = await owner.call('GET', `/runs/${json.runId}`);
    if (report.finishedAt) return expect(report.state).toBe('succeeded');
    await sleep(50);
  }
}

const good = { income: 1200, age: 30, purpose: 'car', married: true, asked_on: '2024-05-01' };
const predict = (body: unknown, query = '') => owner.call('POST', `/models/risk/predict${query}`, body as object);

describe('scoring over HTTP', () => {
  it('answers one row, a row in a map, and many, with label, probabilities and version', async () => {
    const { status, json } = await predict(good);
    expect(status).toBe(200);
    expect(json).toMatchObject({ model: 'risk', version: 1, prediction: true });
    expect(json.probability).toBeGreaterThan(0.5);
    expect(json.probabilities.true + json.probabilities.false).toBeCloseTo(1, 12);
    expect(json.predictions).toHaveLength(1);
    expect((await predict({ row: good })).json.probability).toBe(json.probability);
    const many = await predict({ rows: [good, { ...good, income: 9900, age: 60, loan_id: 7 }] });
    expect(many.json.predictions.map((each: { prediction: boolean }) => each.prediction)).toEqual([true, false]);
    expect(many.json.predictions[1].loan_id).toBe(7);
    expect((await predict({ rows: [] })).json.predictions).toEqual([]);
  });

  it('gives a row of the hold-out what the table says of it', async () => {
    const sql = `select r.probability as scored, l.income, l.age, l.purpose, l.married, l.asked_on::varchar as asked_on
      from silver.risk r join silver.loans l using (loan_id) limit 50`;
    const { json } = await owner.call('POST', '/query', { sql });
    const rows = json.rows.map(({ scored: _, ...row }: Record<string, unknown>) => row);
    const answers = (await predict({ rows })).json.predictions;
    for (const [at, { scored }] of json.rows.entries()) expect(answers[at].probability).toBe(scored);
  });

  it.each([
    [{ ...good, incme: 1 }, 'no field "incme": did you mean "income"?'],
    [{ ...good, income: 'a lot' }, '"income" expects a number, got "a lot"'],
    [{ ...good, income: '1200' }, '"income" expects a number'],
    [{ ...good, married: 'yes' }, '"married" expects true or false'],
    [{ ...good, purpose: 'boat' }, '"purpose" expects one of "car", "house", "study", got "boat"'],
    [{ ...good, asked_on: 'yesterday' }, '"asked_on" expects a time'],
    [{ income: 1, age: 2, purpose: 'car', married: null }, 'the field "asked_on" is missing'],
    [{ ...good, income: null }, '"income" may not be null'],
    [{ rows: [good, 5] }, 'row 2: expected a map of fields, got 5'],
    [{ rows: 7 }, 'expected a list'],
  ])('refuses %j', async (body, detail) => {
    const { status, json } = await predict(body);
    expect([status, json.code]).toEqual([400, 'bad-request']);
    expect(json.detail).toContain(detail);
  });

  it('takes null where training rows had none, refuses NaN, too many rows, and models that are not there', async () => {
    expect((await predict({ ...good, married: null })).status).toBe(200);
    const raw = await owner.call('POST', '/models/risk/predict', '{"income": NaN}', {
      'content-type': 'application/json',
    });
    expect(raw.status).toBe(400);
    expect((await predict({ rows: new Array(10_001).fill(good) })).json.code).toBe('too-large');
    expect((await owner.call('POST', '/models/nothing/predict', good)).json.code).toBe('not-found');
    expect((await predict(good, '?version=99')).json.code).toBe('not-found');
    expect((await test.anonymous().call('POST', '/models/risk/predict', good)).status).toBe(401);
  });

  it('tells what the model is', async () => {
    const { json } = await owner.call('GET', '/models/risk');
    expect(json).toMatchObject({
      name: 'risk',
      relation: 'silver.risk',
      task: 'classification',
      algorithm: 'random_forest',
      target: 'defaulted',
      version: 1,
      aliases: { champion: 1 },
      classes: ['false', 'true'],
      notebookId,
    });
    expect(json.features.map((each: { name: string; kind: string }) => `${each.name} ${each.kind}`)).toEqual([
      'income number',
      'age number',
      'purpose category',
      'married boolean',
      'asked_on time',
    ]);
    expect(json.schema.required).toHaveLength(5);
    expect(json.schema.properties.married.type).toEqual(['boolean', 'null']);
    expect(json.metrics.auc).toBeGreaterThan(0.9);
    expect(json.versions[0].snapshots['silver.loans']).toMatch(/^\d+$/);
    const { json: all } = await owner.call('GET', '/models');
    expect(all.map((each: { name: string }) => each.name)).toEqual(['comes', 'risk', 'sales_ahead']);
  });

  it('a forecast answers for its steps and no others', async () => {
    const ask = (month: string) => owner.call('POST', '/models/sales_ahead/predict', { month });
    const { json } = await ask('2020-01-01');
    expect(json.forecast).toBeGreaterThan(json.lower);
    expect(json.forecast).toBeLessThan(json.upper);
    expect((await ask('2019-12-01')).json.detail).toContain('one of the 6 steps from 2020-01-01 to 2020-06-01');
  });

  it('explains one row: what its features add up to is the answer', async () => {
    const { status, json } = await owner.call('POST', '/models/risk/explain', good);
    expect(status).toBe(200);
    const { explanation } = json;
    expect(explanation).toMatchObject({ of: 'true', scale: 'share', input: good });
    const sum = explanation.contributions.reduce(
      (all: number, { adds }: { adds: number }) => all + adds,
      explanation.base,
    );
    expect(sum).toBeCloseTo(json.probability, 9);
    expect(explanation.contributions[0].feature).toBe('income');
    expect((await owner.call('POST', '/models/risk/explain', { rows: [good] })).json.code).toBe('bad-request');
    expect((await owner.call('POST', '/models/sales_ahead/explain', { month: '2020-01-01' })).json.code).toBe(
      'unsupported',
    );
  });

  it('writes every prediction down with version and input', async () => {
    const sent = { ...good, income: 4321 };
    const { json } = await predict(sent);
    for (;;) {
      const { rows } = await test.database.pool.query(
        `select version, input, answer from model_predictions where input->>'income' = '4321'`,
      );
      if (rows.length > 0) {
        expect(rows[0]).toMatchObject({ version: 1, input: sent, answer: { probability: json.probability } });
        break;
      }
      await sleep(50);
    }
  });

  it('decides by its thresholds, keeps each answer with its input, and computes it again to the last bit', async () => {
    const rows = Array.from({ length: 40 }, (_, at) => ({ ...good, income: 1000 + 220 * at, loan_id: at }));
    const { json } = await predict({
      rows: rows.map((row, at) => (at === 0 ? { ...row, loan_id: 'ana@example.com' } : row)),
    });
    for (const { probability, decision } of json.predictions)
      expect(decision).toBe(probability <= 0.3 ? 'approve' : probability >= 0.7 ? 'deny' : 'review');
    expect(new Set(json.predictions.map((each: { decision: string }) => each.decision)).size).toBe(3);
    const { json: stored } = await owner.call('GET', '/models/risk/predictions?last=40');
    expect(stored).toHaveLength(40);
    expect(stored[39]).toMatchObject({ id: json.predictions[0].id, version: 1, input: { ...rows[0], loan_id: '•••' } });
    for (const { id } of stored.slice(-3)) {
      const { json: again } = await owner.call('GET', `/models/risk/predictions/${id}`);
      expect(again).toMatchObject({ same: true, again: { probability: again.answer.probability } });
    }
    const denied = await owner.call('GET', '/models/risk/predictions?decision=deny');
    expect(new Set(denied.json.map((each: { answer: { decision: string } }) => each.answer.decision))).toEqual(
      new Set(['deny']),
    );
    expect((await owner.call('GET', '/models/risk/predictions/prd_none')).json.code).toBe('not-found');
    const viewer = await test.member('viewer');
    expect((await viewer.call('GET', '/models/risk/predictions')).status).toBe(403);
    expect((await viewer.call('POST', '/models/risk/predict', good)).status).toBe(200);
    const sql = 'select probability, decision from silver.risk';
    for (const row of (await owner.call('POST', '/query', { sql })).json.rows)
      expect(row.decision).toBe(row.probability <= 0.3 ? 'approve' : row.probability >= 0.7 ? 'deny' : 'review');
  });

  it('looks features up by entity, as the table has them last, and keeps them with the answer', async () => {
    const ask = (body: unknown) => owner.call('POST', '/models/comes/predict', body as object);
    const sql = `select person_id, score::double as score, visits from gold.person_features where known_on = date '2024-12-01' order by 1`;
    const { json: table } = await owner.call('POST', '/query', { sql });
    const people = table.rows as { person_id: string; score: number; visits: number | null }[];
    const rows = people.map(({ person_id }) => ({ person_id: Number(person_id), weekday: 3 }));
    const byEntity = await ask({ rows });
    const given = await ask({ rows: people.map(({ score, visits }) => ({ weekday: 3, score, visits })) });
    expect(byEntity.status).toBe(200);
    expect(byEntity.json.predictions.map((each: { probability: number }) => each.probability)).toEqual(
      given.json.predictions.map((each: { probability: number }) => each.probability),
    );
    expect(byEntity.json.predictions[4].person_id).toBe(4);
    const { json: again } = await owner.call('GET', `/models/comes/predictions/${byEntity.json.predictions[4].id}`);
    expect(again).toMatchObject({ same: true, input: { person_id: 4, weekday: 3, score: people[4]?.score } });
    expect((await ask({ weekday: 3, person_id: 4, score: 9.9 })).json.probability).not.toBe(
      byEntity.json.predictions[4].probability,
    );
    const nobody = await ask({ rows: [rows[0], { person_id: 777, weekday: 1 }] });
    expect([nobody.status, nobody.json.code]).toEqual([404, 'not-found']);
    expect(nobody.json.detail).toContain('row 2: gold.person_features knows no features of person_id 777');
    const without = await ask({ weekday: 1 });
    expect([without.status, without.json.detail]).toEqual([400, expect.stringContaining('row 1: give person_id')]);
    const info = await owner.call('GET', '/models/comes');
    expect(info.json.lookups).toEqual([
      { relation: 'gold.person_features', entity: ['person_id'], features: ['score', 'visits'], ttl: null },
    ]);
  });

  it('gives a version as an ONNX file, and says why a forecast has none', async () => {
    const answer = await owner.call('GET', '/models/risk/versions/champion/onnx');
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-disposition')).toContain('risk-1.onnx');
    expect(answer.text).toContain('TreeEnsemble');
    const out = join(test.config.dataDir, 'risk.onnx');
    const env = { DATABASE_URL: test.database.url, DATACRAFT_DATA_DIR: test.config.dataDir };
    const said = await datacraft(['models', 'export', 'silver.risk', '--onnx', '--out', out], env);
    expect([said.code, said.out.trim(), await readFile(out, 'utf8')]).toEqual([0, out, answer.text]);
    const listed = await datacraft(['models', 'list', '--json'], env);
    expect(listed.json().map(({ name }: { name: string }) => name)).toEqual(['comes', 'risk', 'sales_ahead']);
    expect((await owner.call('GET', '/models/risk/versions/9/onnx')).status).toBe(404);
    expect((await owner.call('GET', '/models/risk/versions/latest/onnx')).status).toBe(400);
    expect((await owner.call('GET', '/models/sales_ahead/versions/1/onnx')).json.code).toBe('unsupported');
    expect((await test.anonymous().call('GET', '/models/risk/versions/1/onnx')).status).toBe(401);
  }, 120_000);

  it('tells how what is asked drifts from what was learned', async () => {
    const drift = async () => (await owner.call('GET', '/models/risk/drift?last=600')).json;
    const asked = (row: object) => owner.call('POST', '/models/risk/predict', { rows: [row] });
    const learned = await owner.call('POST', '/query', {
      sql: 'select income, age, purpose, married, asked_on::varchar as asked_on from silver.loans',
    });
    await owner.call('POST', '/models/risk/predict', { rows: learned.json.rows });
    const same = await drift();
    expect(same).toMatchObject({ model: 'risk', version: 1, rows: 600, score: { kind: 'number' } });
    expect(same.features.map((each: { verdict: string }) => each.verdict)).toEqual(Array(5).fill('stable'));
    const richer = learned.json.rows.map((row: { income: number }) => ({ ...row, income: row.income + 9000 }));
    await owner.call('POST', '/models/risk/predict', { rows: richer });
    const other = await drift();
    expect(other.features[0]).toMatchObject({ name: 'income', verdict: 'shifted' });
    expect(other.features[1].verdict).toBe('stable');
    expect((await asked({ ...good, income: 'much' })).status).toBe(400);
    expect(await drift()).toMatchObject({ rows: 600, features: other.features });
    expect((await owner.call('GET', '/models/sales_ahead/drift')).json.code).toBe('unsupported');
    expect((await owner.call('GET', '/models/nothing/drift')).status).toBe(404);
  });

  it('a model that drifts starts its notebook, once', async () => {
    expect((await owner.call('POST', `/notebooks/${notebookId}/publish`)).status).toBe(200);
    const watch = (config: object) =>
      owner.call('POST', `/notebooks/${notebookId}/triggers`, {
        kind: 'drift',
        config: { every: '1 second', ...config },
      });
    expect((await watch({})).status).toBe(400);
    const added = [
      await watch({ model: 'risk' }),
      await watch({ model: 'risk', psi: 99 }),
      await watch({ model: 'nobody' }),
    ];
    expect(added.map(({ status }) => status)).toEqual([201, 201, 201]);
    const triggers = async () => (await owner.call('GET', `/notebooks/${notebookId}/triggers`)).json;
    const runs = async () => {
      const { json } = await owner.call('GET', `/notebooks/${notebookId}/runs`);
      return json.filter(({ trigger }: { trigger: string }) => trigger === 'sensor');
    };
    const ended = async () => (await runs())[0]?.state === 'succeeded';
    const looked = `select count(*)::integer as n from triggers where notebook_id = $1 and (state ? 'seen' or problem is not null)`;
    const all = async () => (await test.database.pool.query(looked, [notebookId])).rows[0].n === 3;
    while (!((await ended()) && (await all()))) await sleep(100);
    expect(await runs()).toHaveLength(1);
    const told = (await triggers()) as { config: { model: string; psi?: number }; problem: string | null }[];
    expect(told.find(({ config }) => config.model === 'nobody')?.problem).toContain(
      'this notebook has no model nobody',
    );
    expect(told.find(({ config }) => config.model === 'risk' && config.psi === undefined)?.problem).toBeNull();
    for (const { json } of added) expect((await owner.call('DELETE', `/triggers/${json.id}`)).status).toBe(204);
  });

  it('a model that drifts fires the alert rules about it that it is above', async () => {
    const rule = (name: string, config: object) =>
      owner.call('POST', '/alert-rules', { name, kind: 'drift', config, everySeconds: 1 });
    expect((await rule('nothing', {})).status).toBe(400);
    expect((await rule('nobody', { model: 'nobody' })).json.code).toBe('not-found');
    expect((await rule('far', { model: 'risk' })).status).toBe(201);
    expect((await rule('farther', { model: 'risk', psi: 99 })).status).toBe(201);
    type Rule = { id: string; name: string; everySeconds: number; lookedAt: string | null; state: string };
    const rules = async () => (await owner.call('GET', '/alert-rules')).json as (Rule & { config: object })[];
    while ((await rules()).some(({ lookedAt }) => lookedAt === null)) await sleep(100);
    const found = (await rules()).map(({ name, state, everySeconds, config }) => [name, state, everySeconds, config]);
    expect(found).toEqual([
      ['far', 'firing', 60, { model: 'risk', notebook: notebookId }],
      ['farther', 'quiet', 60, { model: 'risk', psi: 99, notebook: notebookId }],
    ]);
    const { json: incidents } = await owner.call('GET', '/alerts');
    expect(incidents[0]).toMatchObject({ title: 'risk drifts', link: '/models/risk' });
    expect(incidents[0].alerts[0].summary).toContain('income');
    for (const { id } of await rules()) expect((await owner.call('DELETE', `/alert-rules/${id}`)).status).toBe(204);
  });

  it('a promotion under load fails no request, and the next answers are those of the new champion', async () => {
    await run({ fullRefresh: true });
    expect((await owner.call('GET', '/models/risk')).json.aliases).toEqual({ champion: 1, challenger: 2 });
    const versions = new Set<number>();
    const statuses = new Set<number>();
    let isOver = false;
    const asking = Array.from({ length: 8 }, async () => {
      while (!isOver) {
        const { status, json } = await predict(good);
        statuses.add(status);
        versions.add(json.version);
      }
    });
    for (const version of [2, 1, 2]) {
      const { json } = await owner.call('POST', '/models/risk/promote', { version });
      expect(json.aliases).toEqual({ champion: version, challenger: version === 2 ? 1 : 2 });
      expect((await predict(good)).json.version).toBe(version);
    }
    isOver = true;
    await Promise.all(asking);
    expect([...statuses]).toEqual([200]);
    expect([...versions].sort()).toEqual([1, 2]);
    const { json } = await owner.call('GET', '/models/risk');
    expect(json.promotions.map((each: { version: number }) => each.version)).toEqual([2, 1, 2, 1]);
    expect((await owner.call('POST', '/models/risk/promote', { version: 9 })).status).toBe(404);
    expect((await predict(good, '?version=challenger')).json.version).toBe(1);
  });
});
