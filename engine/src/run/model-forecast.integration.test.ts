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
});
