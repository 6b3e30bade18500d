import { createTestDatabase } from '@datacraft/migrations/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Workshop } from './testing/workshop.ts';
import { createWorkshop, sqlCells, taskOf } from './testing/workshop.ts';

let shop: Workshop;
beforeAll(async () => {
  shop = await createWorkshop(await createTestDatabase());
});
afterAll(() => shop.close());

const amounts = (factor: number) => `select n as id, n * ${factor} as amount from range(10) t(n)`;

describe('expectations of a run', () => {
  it('an `sql` rule reads the new rows by their name and other cells, before anything is published', async () => {
    const text = (limit: number) =>
      sqlCells({
        limits: `select ${limit} as most`,
        orders: `---\nexpect:\n  - sql: select * from orders, limits where amount > most\n  - sql: select id from silver.orders group by id having count(*) > 1\n---\n${amounts(1)}`,
      });
    const good = taskOf(await shop.run(text(9), { owner: 'sql' }), 'orders');
    expect(good).toMatchObject({ state: 'succeeded', checks: [{ violations: 0 }, { violations: 0 }] });
    const bad = taskOf(await shop.run(text(7), { owner: 'sql' }), 'orders');
    expect(bad).toMatchObject({ state: 'failed', error: { code: 'expectation-failed' } });
    expect(bad.checks?.map(({ status, violations }) => [status, violations])).toEqual([
      ['failed', 2],
      ['passed', 0],
    ]);
    expect(await shop.rows('select count(*)::int, max(amount)::int from silver.orders')).toEqual([[10, 9]]);
    const aside = sqlCells({
      few: `---\nexpect:\n  - { expression: id < 8, on_violation: drop }\n  - sql: select * from few where id >= 8\n---\n${amounts(1)}`,
    });
    expect(taskOf(await shop.run(aside, { owner: 'sql few' }), 'few')).toMatchObject({ state: 'succeeded' });
  });

  it('a broken `sql` rule is a finding, with its cell', async () => {
    const of = async (sql: string) => {
      const { compiled } = await shop.input(sqlCells({ a: `---\nexpect:\n  - sql: "${sql}"\n---\nselect 1 as x` }));
      return compiled.diagnostics.map(({ cell, code }) => [cell, code]);
    };
    expect(await of('select * from nobody')).toEqual([['a', 'unknown-name']]);
    expect(await of('select 1; select 2')).toEqual([['a', 'not-a-select']]);
    expect(await of('select * from a where x > $y')).toEqual([['a', 'unknown-parameter']]);
    expect(await of('select * from a where x > 3;')).toEqual([]);
  });

  it('a distribution is held against what was published before, and what it measures is kept', async () => {
    const run = async (factor: number) => {
      const header = '---\nexpect:\n  - distribution: { column: amount, mean: { deviations: 4 } }\n---\n';
      return taskOf(await shop.run(sqlCells({ usual: header + amounts(factor) }), { owner: 'usual' }), 'usual');
    };
    for (const factor of [1, 1.01, 0.99, 1.02, 0.98]) expect(await run(factor)).toMatchObject({ state: 'succeeded' });
    expect(await run(5)).toMatchObject({ state: 'failed', checks: [{ status: 'failed', value: 22.5 }] });
    expect(await run(1.005)).toMatchObject({ state: 'succeeded' });
    const { rows } = await shop.deps.db.query<{ value: number }>(
      `select value from checks where name = 'usual' order by id`,
    );
    expect(rows.map(({ value }) => value)).toEqual(
      [4.5, 4.545, 4.455, 4.59, 4.41, 4.5225].map((v) => expect.closeTo(v)),
    );
  });
});
