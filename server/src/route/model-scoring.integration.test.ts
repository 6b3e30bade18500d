import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { usualRow } from '../model/warm-up.ts';
import type { ModelServer } from '../testing/model-server.ts';
import { good, startModelServer } from '../testing/model-server.ts';
import type { TestServer, Visitor } from '../testing/test-server.ts';

let models: ModelServer;
let test: TestServer;
let owner: Visitor;
beforeAll(async () => {
  models = await startModelServer();
  ({ test, owner } = models);
});
afterAll(() => test.close());

const predict = (body: unknown, query = '') => models.predict(body, query);

describe('models that are opened ahead', () => {
  it('are warmed up with rows that they score: numbers, times, categories and steps of a forecast', async () => {
    for (const name of ['risk', 'comes', 'sales_ahead']) {
      const { json: info } = await owner.call('GET', `/models/${name}`);
      const answer = await owner.call('POST', `/models/${name}/predict?version=1`, usualRow(info.features));
      expect([name, answer.status]).toEqual([name, 200]);
    }
  });
});

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
    expect([raw.status, raw.json.detail]).toEqual([400, expect.stringContaining('send null for what is missing')]);
    const list = await owner.call('POST', '/models/risk/predict', [good]);
    expect([list.status, list.json.detail]).toEqual([400, 'send one JSON object, with its fields by name']);
    const endless = JSON.stringify(good).replace('1200', '1e999');
    const headers = { 'content-type': 'application/json' };
    expect((await owner.call('POST', '/models/risk/predict', endless, headers)).json.detail).toContain('got Infinity');
    expect((await predict({ rows: new Array(10_001).fill(good) })).json.code).toBe('too-large');
    const million = await predict({ rows: new Array(1_000_000).fill(good) });
    expect([million.status, million.json.detail]).toEqual([
      413,
      'this request is larger than 8 MB: send fewer rows at a time, or score them in a notebook',
    ]);
    expect((await owner.call('POST', '/models/nothing/predict', good)).json.code).toBe('not-found');
    expect((await predict(good, '?version=99')).json).toMatchObject({
      code: 'not-found',
      detail: 'the model risk has no version 99',
    });
    expect((await test.anonymous().call('POST', '/models/risk/predict', good)).status).toBe(401);
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
});
