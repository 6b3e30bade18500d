import { createTestDatabase } from '@datacraft/migrations/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ageLimitMs, entityKey } from '../materialize/feature-table.ts';
import { openScorer } from '../model/scorer.ts';
import { loadModelBytes } from '../store/models.ts';
import { loadOnline } from '../store/online-features.ts';
import type { Workshop } from './testing/workshop.ts';
import { createWorkshop, sqlCells, taskOf } from './testing/workshop.ts';

let shop: Workshop;
beforeAll(async () => {
  shop = await createWorkshop(await createTestDatabase());
});
afterAll(() => shop.close());

/** 60 farmers, whose harvest is measured on the first of each month of 2024. */
const features = (select: string, more = '') =>
  sqlCells({
    farmer_features: `---\nlayer: gold\nfeature_table: { entity: farmer_id, timestamp: measured_on${more} }\n---\n${select}`,
  });
const measured = `select f as farmer_id, (date '2024-01-01' + to_months(m::integer))::date as measured_on,
    round(sin(f * 1.7) * 10 + m / 3.0, 3) as harvest, case when f % 7 > 0 then (f * m) % 11 end as rain,
    case f % 3 when 0 then 'coffee' when 1 then 'corn' else 'soy' end as crop
  from range(60) a(f), range(12) b(m)`;
const asked = sqlCells({
  asked: `select i as loan_id, (i * 13) % 60 as farmer_id, timestamp '2024-01-15' + to_hours((i * 41 % 7900)::integer) as asked_at,
      1000 + (i * 7919) % 9000 as amount, sin(((i * 13) % 60) * 1.7) * 10 + (i * 7919) % 9 > 4 as defaulted
    from range(1200) t(i)`,
});
const model = `\`\`\`model farm_risk
task: classification
from: asked
time_column: asked_at
target: defaulted
features: [amount, harvest, rain, crop]
feature_tables: gold.farmer_features
algorithm: random_forest
params: { trees: 20 }
\`\`\`
`;
const owner = { owner: 'farm' };

describe('a feature table', () => {
  it('teaches a model what was known at the time, and answers by entity what the table says last', async () => {
    const report = await shop.run(features(measured) + asked + model, owner);
    expect(report.tasks.map((task) => task.error)).toEqual([undefined, undefined, undefined]);
    const file = openScorer((await loadModelBytes(shop.deps.db, 'farm_risk', 1)) ?? new Uint8Array());
    const features0 = ['harvest', 'rain', 'crop'];
    expect(file.lookups).toEqual([
      { relation: 'gold.farmer_features', entity: ['farmer_id'], features: features0, ttl: null },
    ]);
    // What was learned of the rows of the hold-out, from the table by hand.
    const scored = await shop.rows(
      `select r.probability, a.amount, f.harvest, f.rain, f.crop from silver.farm_risk r join silver.asked a using (loan_id)
         asof left join gold.farmer_features f on a.farmer_id = f.farmer_id and a.asked_at >= f.measured_on order by loan_id`,
    );
    const rows = scored.map(([, amount, harvest, rain, crop]) => ({
      amount: Number(amount),
      harvest: Number(harvest),
      rain: rain === null ? null : Number(rain),
      crop,
    }));
    expect(file.predict(rows).map(({ probability }) => probability)).toEqual(scored.map(([p]) => p));
    const offline = await shop.rows(
      `select farmer_id, harvest::double, rain, crop from gold.farmer_features where measured_on = date '2024-12-01' order by 1`,
    );
    const keys = offline.map(([id]) => entityKey(['farmer_id'], { farmer_id: Number(id) }) ?? '');
    const { known: online } = await loadOnline(shop.deps.db, 'gold.farmer_features', keys);
    expect(online.size).toBe(60);
    for (const [at, [, harvest, rain, crop]] of offline.entries())
      expect(online.get(keys[at] ?? '')?.features).toEqual({
        harvest,
        rain: rain === null ? null : Number(rain),
        crop,
      });
  });

  it('goes forward only: older rows of an entity replace nothing, entities that left are gone', async () => {
    const of = async (farmer: number) =>
      (await loadOnline(shop.deps.db, 'gold.farmer_features', [`["${farmer}"]`])).known.get(`["${farmer}"]`);
    const before = await of(7);
    await shop.run(features(`${measured.replace('range(12)', 'range(6)')} where f <> 9`), owner);
    expect(await of(7)).toEqual(before);
    expect(await of(9)).toBeUndefined();
    await shop.run(features(`${measured.replace('range(12)', 'range(13)')} where f <> 9`), owner);
    expect((await of(7))?.at).toBe('2025-01-01T00:00:00.000Z');
  });

  it.each(['1500ms', '90 seconds', '10m', '2h', '1.5 days', '3 weeks', '1 month', '1.5 months', '2 years'])(
    'lets features of the age of %s live exactly as long online as intervals say in training',
    async (ttl) => {
      const ms = ageLimitMs(ttl);
      const { rows } = await shop.deps.db.query(
        `select make_interval(secs => $1 / 1000.0) <= $2::interval as within, make_interval(secs => ($1 + 1) / 1000.0) > $2::interval as past`,
        [ms, ttl],
      );
      expect(rows).toEqual([{ within: true, past: true }]);
      const sql = `select to_milliseconds(${ms}) <= interval '${ttl}', to_milliseconds(${ms} + 1) > interval '${ttl}'`;
      expect(await shop.rows(sql)).toEqual([[true, true]]);
    },
  );

  it('has another state after each publish, and says which one it only added to', async () => {
    const state = async () => {
      const { rows } = await shop.deps.db.query(
        `select seq, mark, before from online_tables where relation = 'gold.grown'`,
      );
      return rows[0];
    };
    const grown =
      sqlCells({
        grown: `---\nlayer: gold\nmaterialize: incremental\nstrategy: append\nfeature_table: { entity: farmer_id, timestamp: on_day }\n---\nselect $step::int as farmer_id, date '2024-01-01' as on_day, 1 as v`,
      }) + '\n```input step\ntype: number\ndefault: 0\n```\n';
    await shop.run(grown, { owner: 'grown', params: { step: 1 } });
    const first = await state();
    expect(first).toMatchObject({ seq: '1', before: null });
    await shop.run(grown, { owner: 'grown', params: { step: 2 } });
    expect(await state()).toMatchObject({ seq: '2', before: first?.['mark'] });
  });

  it('is refused when an entity has two rows of one time, and when its columns are not there', async () => {
    const twice = await shop.run(features(`${measured} union all ${measured}`), owner);
    expect(taskOf(twice, 'farmer_features').error?.message).toMatch(/\["\d+"\] at 2024-\d\d-01 has two rows/);
    const gone = await shop.run(features('select 1 as farmer, now()::date as measured_on'), owner);
    expect(taskOf(gone, 'farmer_features').error?.message).toContain('names farmer_id, which is no column');
    const kept = await loadOnline(shop.deps.db, 'gold.farmer_features', ['["7"]']);
    expect(kept.known.size).toBe(1);
  });

  it('is no longer online when the cell is no feature table any more', async () => {
    await shop.run(sqlCells({ farmer_features: `---\nlayer: gold\n---\n${measured}` }), owner);
    expect((await loadOnline(shop.deps.db, 'gold.farmer_features', ['["7"]'])).known.size).toBe(0);
  });

  it.each([
    ['feature_tables: silver.asked', /`silver.asked` is no feature table/],
    ['feature_tables: gold.farmer_features\ntime_column: nothing', /no column `nothing`/],
  ])('says why it cannot be joined: %s', async (lines, message) => {
    const cells = features(measured) + asked;
    const text = model
      .replace('feature_tables: gold.farmer_features', lines)
      .replace('time_column: asked_at\n', lines.includes('time_column') ? '' : 'time_column: asked_at\n');
    const report = await shop.run(cells + text, owner);
    expect(taskOf(report, 'farm_risk').error?.message).toMatch(message);
  });
});
