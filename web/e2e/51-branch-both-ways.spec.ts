import { expect, test } from './fixtures.ts';
import { NotebookPage } from './pages/notebook.ts';

test.slow();

const text = `
\`\`\`sql both_prices
---
unique_key: id
---
select * from (values (1, 10), (2, 20)) t(id, price)
\`\`\`

\`\`\`sql both_dear
select * from both_prices where price > 15
\`\`\`

\`\`\`chart both_chart
type: bar
from: both_prices
x: id
y: price
\`\`\`
`;

test('a branch takes the newer changes of its notebook, shows charts before and after, and its tables go in without a run', async ({
  page,
  api,
}) => {
  const id = await api.importNotebook('Both ways', text);
  await api.run(id);
  const { id: branchId } = await api.post<{ id: string }>(`/notebooks/${id}/branches`, { name: 'Dearer' });
  const ana = new NotebookPage(page);
  await ana.open(branchId);
  await ana.write('both_prices', 'select * from (values (1, 10), (2, 20), (3, 90)) t(id, price)');
  await ana.write('both_dear', 'select * from both_prices where price > 12');
  await expect(ana.saved).toContainText(/^\s*Saved/);

  // Meanwhile, on main: a clash in one cell.
  await ana.open(id);
  await ana.write('both_dear', 'select * from both_prices where price > 18');
  await expect(ana.saved).toContainText(/^\s*Saved/);

  await ana.open(branchId);
  const strip = page.getByRole('region', { name: 'About this branch' });
  await expect(strip).toContainText('1 newer change in the notebook');
  await strip.getByRole('button', { name: 'Review and merge' }).click();
  const newer = page.getByRole('region', { name: 'What the notebook changed since' });
  await expect(newer).toContainText('Which side is it to be?');
  await expect(newer).toContainText('price > 18');
  await newer.getByRole('button', { name: 'Take the notebook’s side of both_dear' }).click();
  await expect(newer).toHaveCount(0);
  await strip.getByRole('button', { name: 'Back to the cells' }).click();
  await expect(ana.editor('both_dear')).toContainText('price > 18');

  await api.run(branchId);
  await strip.getByRole('button', { name: 'Review and merge' }).click();
  const charts = page.getByRole('region', { name: 'The chart both_chart before and after' });
  for (const side of ['The notebook now', 'With the branch'])
    await expect(charts.getByRole('region', { name: side }).getByRole('figure').first()).toBeVisible({
      timeout: 30_000,
    });
  // What reads it has other rows too, though nobody touched its text.
  const follows = page.getByRole('region', { name: 'What follows from it' });
  await expect(follows.getByRole('region', { name: 'Rows of both_dear' })).toContainText('+1 added');
  await page.getByRole('button', { name: 'Accept both_prices' }).click();
  await expect(page.getByText('Nothing differs')).toBeVisible();
  await expect(page.getByRole('button', { name: /^Accept/ })).toHaveCount(0);

  await expect.poll(async () => api.query('select count(*)::int as n from silver.both_prices')).toEqual([{ n: 3 }]);
  const report = await api.run(id);
  expect(Object.fromEntries(report.tasks.map((task) => [task.cell, task.state]))).toMatchObject({
    both_prices: 'skipped',
    both_dear: 'skipped',
  });
});
