import { expect, test } from './fixtures.ts';
import { NotebookPage } from './pages/notebook.ts';

const text = `
\`\`\`sql dim_72
---
layer: gold
materialize: dimension
unique_key: id
---
select * from (values (7, 'São Paulo'), (8, 'Recife')) t(id, city)
\`\`\`

\`\`\`sql fact_72
---
layer: gold
materialize: fact
dimensions: { id: dim_72 }
---
select * from (values (1, 8), (2, 99)) t(n, id)
\`\`\`

\`\`\`sql by_city_72
select f.n, d.city, f.dim_72_key as k from fact_72 f join dim_72 d using (dim_72_key) order by f.n
\`\`\`
`;

test('a star that never ran is shown as its first run makes it: keys, the unknown member, look-ups', async ({
  page,
  api,
}) => {
  const notebook = new NotebookPage(page);
  await notebook.open(await api.importNotebook('First run 72', text));
  const dimension = notebook.grid('dim_72');
  await expect(dimension.getByRole('columnheader', { name: /dim_72_key/ })).toBeVisible();
  await expect(dimension.getByRole('gridcell', { name: '-1', exact: true })).toBeVisible();
  await expect(notebook.cell('dim_72')).toContainText('A preview of the first run');
  const fact = notebook.grid('fact_72');
  await fact.scrollIntoViewIfNeeded();
  await expect(fact.getByRole('gridcell', { name: '-1', exact: true })).toBeVisible();
  const read = notebook.grid('by_city_72');
  await notebook.cell('by_city_72').scrollIntoViewIfNeeded();
  await expect(read.getByRole('gridcell', { name: 'Recife' })).toBeVisible();

  await notebook.edit('fact_72');
  await notebook.write('fact_72', 'select * from (values (1, 7), (2, 99)) t(n, id)');
  await expect(read.getByRole('gridcell', { name: 'São Paulo' })).toBeVisible();
});
