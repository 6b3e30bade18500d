import { createTestDatabase } from '@datacraft/migrations/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Workshop } from './testing/workshop.ts';
import { createWorkshop, sqlCells, taskOf } from './testing/workshop.ts';

let shop: Workshop;
beforeAll(async () => {
  shop = await createWorkshop(await createTestDatabase());
});
afterAll(() => shop.close());

const model = (name: string, text: string) => `\`\`\`model ${name}\n${text.trim()}\n\`\`\`\n`;

async function mapeOf(name: string): Promise<number | undefined> {
  const { rows } = await shop.deps.db.query<{ mape: number }>(
    `select (report->'metrics'->>'mape')::float8 as mape from model_versions where name = $1`,
    [name],
  );
  return rows[0]?.mape;
}

describe('a model cell', () => {
  it('forecasts the months to come, and keeps those that were', async () => {
    const months = sqlCells({
      passengers: `select (date '2010-01-01' + to_months(i::integer))::date as month,
        (100 + i * 2) * (1 + 0.2 * sin(i * pi() / 6)) as passengers from range(96) t(i)`,
    });
    const cell = 'task: forecast\nfrom: passengers\ntime_column: month\ntarget: passengers\nhorizon: 12\nlevel: 0.95';
    const report = await shop.run(months + model('ahead', cell), { owner: 'risk' });
    expect(taskOf(report, 'ahead').error).toBeUndefined();
    const columns = await shop.rows('describe select * from silver.ahead');
    expect(columns.map((column) => [column[0], column[1]])).toEqual([
      ['month', 'DATE'],
      ['passengers', 'DOUBLE'],
      ['forecast', 'DOUBLE'],
      ['lower', 'DOUBLE'],
      ['upper', 'DOUBLE'],
      ['kind', 'VARCHAR'],
    ]);
    const found = await shop.rows(
      `select kind, count(*), min(month)::varchar, max(month)::varchar, bool_and(lower <= forecast and forecast <= upper),
         max(abs(forecast / ((100 + i * 2) * (1 + 0.2 * sin(i * pi() / 6))) - 1)) < 0.03
       from (select *, datediff('month', date '2010-01-01', month) as i from silver.ahead) group by kind order by kind`,
    );
    expect(found).toEqual([
      ['actual', '96', '2010-01-01', '2017-12-01', null, null],
      ['forecast', '12', '2018-01-01', '2018-12-01', true, true],
    ]);
    expect(await mapeOf('ahead')).toBeLessThan(0.03);
    const answering = async () =>
      (await shop.deps.db.query(`select version from model_aliases where name = 'ahead' and alias = 'champion'`)).rows;
    expect(await answering()).toEqual([{ version: 1 }]);
    const later = months.replace('range(96)', 'range(97)') + model('ahead', cell);
    expect((await shop.run(later, { owner: 'risk' })).state).toBe('succeeded');
    expect(await answering()).toEqual([{ version: 2 }]);
  });

  it('knows the holidays of a daily series that it is told of, and says where they do not count', async () => {
    const sales = sqlCells({
      sales: `select day::date as day, (100 + 20 * (dayofweek(day) = 5)::integer + hash(day) % 5)
          * case when strftime(day, '%m-%d') in ('12-25', '01-01', '05-01', '09-07', '10-12', '11-02') then 0.3 else 1 end as sold
        from range(timestamp '2022-01-01', timestamp '2024-12-11', interval 1 day) t(day)`,
    });
    const cell = (more: string) => `task: forecast\nfrom: sales\ntime_column: day\ntarget: sold\nhorizon: 30\n${more}`;
    const text = sales + model('usual', cell('')) + model('told', cell('params: { holidays: BR }'));
    expect((await shop.run(text, { owner: 'risk' })).state).toBe('succeeded');
    const [christmas] = await shop.rows(
      `select u.forecast > 80, t.forecast < 50 from silver.usual u join silver.told t using (day) where day = date '2024-12-25'`,
    );
    expect(christmas).toEqual([true, true]);
    const weekly = sqlCells({
      weeks: `select day::date as day, 100 + i as sold from (select i, date '2024-01-01' + (7 * i)::integer as day from range(20) t(i))`,
    });
    const odd = model('odd', cell('params: { holidays: BR }').replace('from: sales', 'from: weeks'));
    expect((await shop.run(weekly + odd, { owner: 'risk' })).state).toBe('succeeded');
    const { rows } = await shop.deps.db.query<{ notes: string }>(
      `select report->>'notes' as notes from model_versions where name = 'odd'`,
    );
    expect(rows[0]?.notes).toContain('holidays are told of days alone');
  });

  describe('that knows what drives its series', () => {
    /** Months from 2019; sold depends on price, and of 2024 the price alone is known, in two scenarios. */
    const months = sqlCells({
      months: `select (date '2019-01-01' + to_months(i::integer))::date as month, scenario,
          case when i < 60 then sold(i, 10 + i % 5) end as sold,
          case when i < 60 then 10 + i % 5 when scenario = 'dear' then 15 else 10 end as price
        from (select i, null as scenario from range(60) t(i) union all
          select 60 + i, scenario from range(6) t(i), (values ('dear'), ('cheap')) s(scenario))`,
    }).replaceAll(/sold\((i), (10 \+ i % 5)\)/g, '(500 + 3 * $1 + 40 * sin($1 * pi() / 6) - 12 * ($2))');
    const cell = (more: string) =>
      `task: forecast\nfrom: months\ntime_column: month\ntarget: sold\nfeatures: price\nparams: { log: "no" }\n${more}`;
    const failed = async (text: string) => taskOf(await shop.run(text, { owner: 'risk' }), 'ahead').error?.message;

    it('tells its scenarios side by side, and what a unit of it changes', async () => {
      const report = await shop.run(months + model('ahead', cell('scenario_column: scenario')), { owner: 'risk' });
      expect(taskOf(report, 'ahead').error).toBeUndefined();
      const found = await shop.rows(
        `select kind, scenario, count(*), min(month)::varchar, max(month)::varchar from silver.ahead group by all order by all`,
      );
      expect(found).toEqual([
        ['actual', null, '60', '2019-01-01', '2023-12-01'],
        ['forecast', 'cheap', '6', '2024-01-01', '2024-06-01'],
        ['forecast', 'dear', '6', '2024-01-01', '2024-06-01'],
      ]);
      const [apart] = await shop.rows(
        `select bool_and(abs(c.forecast - d.forecast - 60) < 1), bool_and(c.lower < c.forecast and c.forecast < c.upper)
         from silver.ahead c join silver.ahead d using (month) where c.scenario = 'cheap' and d.scenario = 'dear'`,
      );
      expect(apart).toEqual([true, true]);
      const { rows } = await shop.deps.db.query<{ drivers: { name: string; effect: number }[]; scenarios: unknown }>(
        `select report->'drivers' as drivers, report->'scenarios' as scenarios from model_versions
         where name = 'ahead' order by version desc limit 1`,
      );
      expect(rows[0]?.scenarios).toEqual({ column: 'scenario', names: ['cheap', 'dear'] });
      expect(rows[0]?.drivers).toMatchObject([{ name: 'price' }]);
      expect(rows[0]?.drivers[0]?.effect).toBeCloseTo(-12, 1);
    });

    it('says what is missing of the steps to come', async () => {
      const asked = months + model('ahead', cell('scenario_column: scenario\nhorizon: 7'));
      expect(await failed(asked)).toBe(
        'no row of cheap says what price will be at 2024-07-01: add rows to come with them and an empty `sold`, or ask for fewer steps',
      );
      expect(await failed(months + model('ahead', cell('')))).toContain('more than one row has the `month` 2024-01-01');
      const was = sqlCells({ months: `select * from (select month, sold, price from history)` }).replace(
        'history',
        `(select (date '2019-01-01' + to_months(i::integer))::date as month, i + hash(i) % 7 as sold, i % 4 as price from range(60) t(i))`,
      );
      expect(await failed(was + model('ahead', cell('')))).toBe(
        'no row says what price will be at 2024-01-01: add rows to come with them and an empty `sold`, or ask for fewer steps',
      );
    });
  });
});
