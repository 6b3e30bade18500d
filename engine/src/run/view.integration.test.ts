import { createTestDatabase } from '@datacraft/migrations/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Workshop } from './testing/workshop.ts';
import { createWorkshop, sqlCells, taskOf } from './testing/workshop.ts';

let shop: Workshop;
beforeAll(async () => {
  shop = await createWorkshop(await createTestDatabase());
});
afterAll(() => shop.close());

const base = (factor: number) =>
  sqlCells({ orders: `select range as id, range * ${factor} as amount from range(4)`, dims: 'select 1 as id' });

describe('a view', () => {
  const view = sqlCells({
    helper: '---\nmaterialize: ephemeral\n---\nselect id, amount from silver.orders where id > 0',
    local: 'select 3 as id',
    sales: `---
layer: gold
materialize: view
---
select helper.id, h2.amount from helper join silver.helper as h2 using (id) join local on local.id >= helper.id`,
    reader: 'select count(*) as n from sales',
  });

  it('keeps its text over dotted names, inlined cells and tables of other notebooks', async () => {
    await shop.run(base(10), { owner: 'tables' });
    const report = await shop.run(view, { owner: 'views' });
    expect(report.error).toBeUndefined();
    expect(taskOf(report, 'sales')).toMatchObject({ state: 'succeeded', rowsWritten: 3 });
    expect(await shop.rows('select sum(amount)::int from gold.sales')).toEqual([[60]]);
    expect(await shop.rows('select n from silver.reader')).toEqual([['3']]);
  });

  it('is read by other notebooks, also where they use its inner names for something else', async () => {
    const other = sqlCells({
      helper: "select 'mine' as w",
      local: 'select w from helper',
      from_view: 'select count(*) as n, any_value(w) as w from gold.sales, local, silver.orders',
    });
    // `helper` and `local` are names of the first notebook's tables too; another layer keeps them apart.
    const report = await shop.run(
      other
        .replaceAll('```sql helper\n', '```sql helper\n---\nlayer: gold\n---\n')
        .replaceAll('```sql local\n', '```sql local\n---\nlayer: gold\n---\n'),
      { owner: 'third' },
    );
    expect(report.tasks.filter((task) => task.error)).toEqual([]);
    expect(await shop.rows('select n, w from silver.from_view')).toEqual([['12', 'mine']]);
  });

  it('follows its tables, and shows them as they were', async () => {
    const before = await shop.run(base(20), { owner: 'tables' });
    const { snapshotId } = taskOf(before, 'orders');
    await shop.run(base(30), { owner: 'tables' });
    expect(await shop.rows('select sum(amount)::int from gold.sales')).toEqual([[180]]);
    const then = { asOf: { snapshotId: snapshotId ?? '' } };
    expect(await shop.rows('select sum(amount)::int from gold.sales', then)).toEqual([[120]]);
    expect(await shop.rows('select sum(amount)::int, any_value(n) from silver.orders, silver.reader', then)).toEqual([
      [120, '3'],
    ]);
    const unknown = shop.rows('select * from silver.orders', { asOf: { snapshotId: '12345' } });
    await expect(unknown).rejects.toMatchObject({ code: 'not-found' });
  });
});

describe('rows set aside', () => {
  const text = `\`\`\`source raw
type: csv
path: ./raw.csv
columns: { n: integer }
rejects: table
\`\`\`

${sqlCells({
  checked: '---\nexpect:\n  - expression: n < 10\n    on_violation: quarantine\n---\nselect n from raw',
  lost: 'select (select count(*) from bronze.raw_rejects) as rejected, (select count(*) from silver.checked_quarantine) as aside',
})}`;

  it('are readable in the notebook that sets them aside, in its first run', async () => {
    await shop.file('raw.csv', 'n,m\n1,a\nx,b\n30,c\n40,d\n');
    const report = await shop.run(text, { owner: 'sides' });
    expect(report.tasks.flatMap((task) => task.error ?? [])).toEqual([]);
    expect(await shop.rows('select rejected, aside from silver.lost')).toEqual([['1', '2']]);
    expect(taskOf(report, 'checked')).toMatchObject({ rowsWritten: 1, rowsRejected: 2 });
    const again = await shop.run(text, { owner: 'sides' });
    expect(new Set(again.tasks.map((task) => task.reason))).toEqual(new Set(['fresh']));
  });

  it('are gone when a later run has none', async () => {
    await shop.file('raw.csv', 'n,m\n1,a\n2,b\n');
    await shop.run(text, { owner: 'sides' });
    expect(await shop.rows('select rejected, aside from silver.lost')).toEqual([['0', '0']]);
    expect(await shop.rows('select count(*) from silver.checked_quarantine')).toEqual([['0']]);
  });
});
