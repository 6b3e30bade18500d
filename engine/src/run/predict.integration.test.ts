import { createTestDatabase } from '@datacraft/migrations/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openScorer } from '../model/scorer.ts';
import { loadModelBytes, promoteModel, versionOf } from '../store/models.ts';
import type { Workshop } from './testing/workshop.ts';
import { createWorkshop, sqlCells, taskOf } from './testing/workshop.ts';

let shop: Workshop;
beforeAll(async () => {
  shop = await createWorkshop(await createTestDatabase());
});
afterAll(() => shop.close());

const cell = (kind: string, name: string, text: string) => `\`\`\`${kind} ${name}\n${text.trim()}\n\`\`\`\n`;
const loans = sqlCells({
  loans: `select i as loan_id, 1000 + (i * 7919) % 9000 as income, (18 + (i * 104729) % 50)::decimal(5, 1) / 3 as age,
    case (i * 31) % 4 when 0 then 'car' when 1 then 'house' when 2 then 'study' end as purpose,
    case when i % 9 > 0 then i % 5 = 0 end as married, timestamp '2024-01-01' + to_hours((i * 37 % 8760)::integer) as asked_at,
    (1000 + (i * 7919) % 9000) / 1000.0 + (18 + (i * 104729) % 50) / 20.0 + (i * 31) % 4 < 7 as defaulted
  from range(900) t(i)`,
});
const risk = (trees: number, more = '') =>
  cell(
    'model',
    'risk',
    `task: classification\nfrom: loans\ntarget: defaulted\nfeatures: [income, age, purpose, married, asked_at]
algorithm: random_forest\nparams: { trees: ${trees} }\n${more}`,
  );
const decided = 'decision: { approve: 0.3, deny: 0.7 }';
const scored = sqlCells({
  scored: 'select loan_id, predict_risk(l) as said, predict_risk(l).probability as p from loans l',
});
const steps = cell('transform', 'stepped', 'from: loans\nsteps:\n  - predict: risk\n  - drop: [asked_at]');
const whole = (trees: number) => loans + risk(trees, decided) + scored + steps;

async function answersOf(version: number) {
  const scorer = openScorer((await loadModelBytes(shop.deps.db, 'risk', version)) ?? new Uint8Array());
  const rows = await shop.rows(
    `select loan_id, income, age::double, purpose, married, asked_at::varchar from silver.loans order by loan_id`,
  );
  return scorer.predict(
    rows.map(([loan_id, income, age, purpose, married, asked_at]) => ({
      loan_id: Number(loan_id),
      income: Number(income),
      age,
      purpose,
      married,
      asked_at,
    })),
  );
}

describe('a model asked in a run', () => {
  it('is trained first when it never was, and answers as it does over HTTP, to the last bit', async () => {
    const report = await shop.run(whole(20), { owner: 'score' });
    expect(report.tasks.map((task) => task.error)).toEqual([undefined, undefined, undefined, undefined]);
    expect(taskOf(await shop.run(whole(20), { owner: 'score' }), 'scored')).toMatchObject({ reason: 'fresh' });
    const answers = await answersOf(1);
    const sql = `select said.prediction, said.probability, said.decision, p from silver.scored order by loan_id`;
    const found = await shop.rows(sql);
    expect(found).toHaveLength(900);
    for (const [at, { prediction, probability, decision }] of answers.entries())
      expect(found[at]).toEqual([prediction, probability, decision, probability]);
    const stepped = await shop.rows('select prediction, probability, decision from silver.stepped order by loan_id');
    expect(stepped).toEqual(found.map((row) => row.slice(0, 3)));
    const columns = (await shop.rows('describe select * from silver.stepped')).map(([name]) => name);
    expect(columns.slice(-3)).toEqual(['prediction', 'probability', 'decision']);
  });

  it('keeps asking the champion while others are trained, and is stale when another is promoted', async () => {
    const first = await shop.rows('select p from silver.scored order by loan_id');
    await shop.run(whole(40), { owner: 'score' });
    expect(await versionOf(shop.deps.db, 'risk', 'challenger')).toBe(2);
    expect(await shop.rows('select p from silver.scored order by loan_id')).toEqual(first);
    const again = await shop.run(whole(40), { owner: 'score' });
    expect(taskOf(again, 'scored')).toMatchObject({ state: 'skipped', reason: 'fresh' });
    await promoteModel(shop.deps.db, 'risk', 2, null);
    const other = await shop.run(whole(40), { owner: 'score' });
    expect(taskOf(other, 'scored').state).toBe('succeeded');
    const answers = await answersOf(2);
    expect(await shop.rows('select p from silver.scored order by loan_id')).toEqual(
      answers.map(({ probability }) => [probability]),
    );
  });

  it.each([
    ['select predict_risk({income: 1}) as p', /age/],
    ["select predict_risk(l) as p from (select * replace ('much' as income) from silver.loans) l", /risk\(VARCHAR/],
    [
      "select predict_risk(l) as p from (select * replace ('boat' as purpose) from silver.loans) l",
      /"purpose" is "boat", which no row had/,
    ],
    [
      'select predict_risk(l) as p from (select * replace (null::int as income) from silver.loans) l',
      /"income" may not be null/,
    ],
    [
      "select predict_risk(l) as p from (select * replace ('nan'::double as income) from silver.loans) l",
      /"income" may not be null/,
    ],
    ['select predict_nothing(l) as p from silver.loans l', /no model nothing/],
  ])('never scores what it was not trained for: %s', async (sql, message) => {
    const report = await shop.run(sqlCells({ odd: sql }), { owner: 'odd' });
    expect(taskOf(report, 'odd').state).toBe('failed');
    expect(taskOf(report, 'odd').error?.message).toMatch(message);
  });

  it('is refused in a view, where no model is', async () => {
    const view = '---\nmaterialize: view\n---\nselect predict_risk(l) as p from silver.loans l';
    const { compiled } = await shop.input(sqlCells({ looked: view }), { owner: 'odd' });
    expect(compiled.diagnostics.map(({ code }) => code)).toEqual(['view-asks-model']);
  });

  it('answers a million rows', async () => {
    const many = sqlCells({
      many: `select i, predict_risk({income: 1000 + i % 9000, age: 20.0, purpose: 'car', married: null, asked_at: timestamp '2024-05-01'}).probability as p
        from range(1000000) t(i)`,
    });
    const report = await shop.run(many, { owner: 'many' });
    expect(taskOf(report, 'many')).toMatchObject({ state: 'succeeded', rowsWritten: 1_000_000 });
    expect(await shop.rows('select count(distinct p) > 3, min(p) >= 0, max(p) <= 1 from silver.many')).toEqual([
      [true, true, true],
    ]);
  });
});
