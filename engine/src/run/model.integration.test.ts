import { createTestDatabase } from '@datacraft/migrations/testing';
import type { ModelReport } from '@datacraft/shared';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Workshop } from './testing/workshop.ts';
import { createWorkshop, sqlCells, taskOf } from './testing/workshop.ts';

let shop: Workshop;
beforeAll(async () => {
  shop = await createWorkshop(await createTestDatabase());
});
afterAll(() => shop.close());

/** Loans whose default hangs on income, age and purpose, drawn by a generator that is the same everywhere. */
const loans = sqlCells({
  loans: `select i as loan_id, 1000 + (i * 7919) % 9000 as income, 18 + (i * 104729) % 50 as age,
    case (i * 31) % 4 when 0 then 'car' when 1 then 'house' when 2 then 'study' end as purpose,
    date '2024-01-01' + (i % 365)::integer as asked_on,
    (1000 + (i * 7919) % 9000) / 1000.0 + (18 + (i * 104729) % 50) / 20.0 + (i * 31) % 4 < 7 as defaulted
  from range(1000) t(i)`,
});
const model = (name: string, text: string) => `\`\`\`model ${name}\n${text.trim()}\n\`\`\`\n`;
const classify = `task: classification
from: loans
target: defaulted
features: [income, age, purpose]
algorithm: random_forest
params: { trees: 30 }
split: { test: 0.2, by: random, seed: 42 }`;

async function versions(name: string) {
  const { rows } = await shop.deps.db.query<{
    version: number;
    report: ModelReport;
    sha256: string;
    snapshots: Record<string, string>;
    alias: string | null;
  }>(
    `select version, report, sha256, snapshots, alias from model_versions left join model_aliases using (name, version)
     where name = $1 order by version`,
    [name],
  );
  return rows;
}

async function told(name: string) {
  const { rows } = await shop.deps.db.query(
    `select user_id, facts from audit_entries where action = 'model-promote' and target = $1 order by seq`,
    [name],
  );
  return rows;
}

describe('a model cell', () => {
  it('publishes the scored hold-out and registers what it learned in one transaction', async () => {
    const report = await shop.run(loans + model('risk', classify), { owner: 'risk' });
    expect(taskOf(report, 'risk')).toMatchObject({ state: 'succeeded', rowsWritten: 200, relation: 'silver.risk' });
    const columns = await shop.rows(`describe select * from silver.risk`);
    expect(columns.map((column) => column[0])).toEqual([
      'loan_id',
      'asked_on',
      'defaulted',
      'prediction',
      'probability',
    ]);
    const [score] = await shop.rows(
      `select avg((prediction = defaulted)::integer) > 0.9, min(probability) >= 0, max(probability) <= 1,
         count(distinct loan_id), bool_and((probability > 0.5) = prediction or probability = 0.5) from silver.risk`,
    );
    expect(score).toEqual([true, true, true, '200', true]);
    const [first] = await versions('risk');
    expect(first).toMatchObject({ version: 1, alias: 'champion' });
    expect(first?.report.metrics['auc']).toBeGreaterThan(0.9);
    expect(first?.report.classes).toEqual(['false', 'true']);
    const partial = first?.report.partial ?? [];
    expect(partial.map(({ feature }) => feature)).toEqual(first?.report.importance?.map(({ feature }) => feature));
    const income = partial.find(({ feature }) => feature === 'income');
    expect(income?.points[0]?.means[0]).toBeGreaterThan(income?.points.at(-1)?.means[0] ?? 1);
    expect(first?.snapshots['silver.loans']).toBe(taskOf(report, 'loans').snapshotId);
  });

  it('is fresh until its text or its rows change; the same rows and seed give the same bytes', async () => {
    const text = loans + model('twice', classify);
    await shop.run(text, { owner: 'risk' });
    const again = await shop.run(text, { owner: 'risk' });
    expect(taskOf(again, 'twice')).toMatchObject({ state: 'skipped', reason: 'fresh' });
    await shop.run(text, { owner: 'risk', fullRefresh: true });
    const [first, second] = await versions('twice');
    expect(second).toMatchObject({ version: 2, alias: 'challenger', sha256: first?.sha256 });
    await shop.run(loans + model('twice', classify.replace('seed: 42', 'seed: 43')), { owner: 'risk' });
    expect((await versions('twice'))[2]?.sha256).not.toBe(first?.sha256);
  });

  it('learns numbers, and groups, with what it finds by itself', async () => {
    const text =
      loans +
      model('income_of', 'task: regression\nfrom: loans\ntarget: income\nsplit: { by: time }\ntime_column: asked_on') +
      model('groups', 'task: clustering\nfrom: loans\nfeatures: [income, age]\nparams: { k: 4 }');
    const report = await shop.run(text, { owner: 'risk' });
    expect(taskOf(report, 'income_of').error).toBeUndefined();
    expect(await shop.rows("select count(*), min(asked_on) > date '2024-09-01' from silver.income_of")).toEqual([
      ['200', true],
    ]);
    const [version] = await versions('income_of');
    expect(version?.report.importance?.map((each) => each.feature).sort()).toEqual(['age', 'defaulted', 'purpose']);
    const key = '`{name}` differs in every row: a key, not a feature; list it in `features` to learn from it';
    expect(version?.report.notes).toContainEqual({
      message: key.replace('{name}', 'loan_id'),
      said: { key, values: { name: 'loan_id' } },
    });
    expect(await shop.rows('select count(*), count(distinct prediction), max(prediction) from silver.groups')).toEqual([
      ['1000', '4', 3],
    ]);
  });

  it('is also judged by parts, and refuses rows that have its own columns', async () => {
    const folds = classify.replace('by: random, seed: 42', 'by: stratified, seed: 42, folds: 4');
    const text = loans + model('parts', folds.replace('trees: 30', 'trees: 8'));
    expect(taskOf(await shop.run(text, { owner: 'risk' }), 'parts').error).toBeUndefined();
    const report = (await versions('parts'))[0]?.report;
    expect(report?.folds?.map(({ train, test }) => [train, test])).toEqual(Array(4).fill([600, 200]));
    for (const { metrics } of report?.folds ?? []) expect(metrics['auc']).toBeGreaterThan(0.85);
    const taken =
      sqlCells({ taken: 'select *, 1 as prediction from loans' }) +
      model('clash', classify.replace('from: loans', 'from: taken'));
    const clash = taskOf(await shop.run(loans + taken, { owner: 'risk' }), 'clash');
    expect(clash.error?.message).toContain('`taken` has a column `prediction`');
    const three = model(
      'three',
      'task: classification\nfrom: loans\ntarget: purpose\ndecision: { approve: 0.2, deny: 0.6 }',
    );
    const refused = taskOf(await shop.run(loans + three, { owner: 'risk' }), 'three');
    expect(refused.error?.message).toContain('needs a target of two classes: `purpose` has 3');
  });

  it('is held against the champion on the same hold-out, and takes its place by rule alone', async () => {
    const grown = (trees: number, more = '') =>
      loans + model('grown', `${classify.replace('trees: 30', `trees: ${trees}, depth: ${trees}`)}\n${more}`);
    const rule = 'promote: { metric: auc, margin: 0.02 }';
    const aliases = async () =>
      (await versions('grown')).map(({ version, alias }) => `${version} ${alias ?? ''}`.trim());
    await shop.run(grown(1, rule), { owner: 'risk' });
    expect((await versions('grown'))[0]?.report.champion).toBeUndefined();
    await shop.run(grown(20, 'promote: { metric: auc, margin: 0.02, mode: propose }'), { owner: 'risk' });
    expect(await aliases()).toEqual(['1 champion', '2 challenger']);
    const [first, second] = await versions('grown');
    expect(second?.report.champion).toEqual({ version: 1, metrics: first?.report.metrics });
    await shop.run(grown(20, rule), { owner: 'risk' });
    expect(await aliases()).toEqual(['1 challenger', '2', '3 champion']);
    await shop.run(grown(21, rule), { owner: 'risk' });
    expect(await aliases()).toEqual(['1', '2', '3 champion', '4 challenger']);
    const { rows } = await shop.deps.db.query(
      `select version, replaced from model_promotions where name = 'grown' order by id`,
    );
    expect(rows).toEqual([
      { version: 1, replaced: null },
      { version: 3, replaced: 1 },
    ]);
    expect(await told('grown')).toEqual([
      { user_id: null, facts: { version: 3, replaced: 1, via: 'promotion rule', run: expect.stringMatching(/^run_/) } },
    ]);
  });

  it('takes its place and is in the audit in one transaction: where one cannot be written, nothing is', async () => {
    const { db } = shop.deps;
    const text = (trees: number) =>
      loans +
      model(
        'refused',
        `${classify.replace('trees: 30', `trees: ${trees}, depth: ${trees}`)}\npromote: { metric: auc }`,
      );
    const aliases = async () => (await versions('refused')).map(({ version, alias }) => [version, alias]);
    await shop.run(text(1), { owner: 'risk' });
    await db.query(`alter table audit_entries add constraint no_promotion check (action <> 'model-promote') not valid`);
    const report = await shop.run(text(20), { owner: 'risk' });
    await db.query('alter table audit_entries drop constraint no_promotion');
    expect(report.state).toBe('failed');
    expect(await aliases()).toEqual([[1, 'champion']]);
    expect(await told('refused')).toEqual([]);
    await shop.run(text(20), { owner: 'risk' });
    expect(await aliases()).toEqual([
      [1, 'challenger'],
      [2, 'champion'],
    ]);
    expect(await told('refused')).toHaveLength(1);
  });

  it.each([
    ['target: defalted', /no column `defalted`: did you mean `defaulted`/, 3],
    ['target: defaulted\nfeatures: [income, agge]', /no column `agge`: did you mean `age`/, 4],
    ['target: defaulted\nfeatures: [income, defaulted]', /is the target/, 4],
  ])('says at which line a column is not there: %s', async (lines, message, line) => {
    const report = await shop.run(loans + model('odd', `task: classification\nfrom: loans\n${lines}`), {
      owner: 'risk',
    });
    expect(taskOf(report, 'odd')).toMatchObject({ state: 'failed', error: { code: 'query-failed', line } });
    expect(taskOf(report, 'odd').error?.message).toMatch(message);
    expect(await versions('odd')).toEqual([]);
  });

  it('a cancelled training publishes nothing and registers nothing', async () => {
    const big = sqlCells({
      many: 'select i, hash(i) % 1000 as a, hash(i + 1) % 1000 as b, hash(i + 2) % 7 as c from range(60000) t(i)',
    });
    const stop = new AbortController();
    const text =
      big + model('long', 'task: regression\nfrom: many\ntarget: a\nparams: { trees: 2000, early_stopping: 0 }');
    const input = await shop.input(text, { owner: 'risk' });
    const events = shop.events.length;
    const running = shop.run(text, { owner: 'risk', signal: stop.signal });
    await expect
      .poll(
        () =>
          shop.events
            .slice(events)
            .some((event) => event.type === 'task' && event.task.cell === 'long' && (event.progress?.percent ?? 0) > 0),
        { timeout: 30_000 },
      )
      .toBe(true);
    stop.abort();
    expect(await running).toMatchObject({ state: 'cancelled' });
    expect(await versions('long')).toEqual([]);
    expect(input.compiled.diagnostics).toEqual([]);
  });
});
