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
});
