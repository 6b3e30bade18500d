import { expect, test } from './fixtures.ts';
import { NotebookPage } from './pages/notebook.ts';

test.describe('results as people type', () => {
  test('the result follows the text without a run, and a mistake keeps the last good one', async ({ page, api }) => {
    const id = await api.importNotebook(
      'Typing',
      `
\`\`\`sql typed
select 1 as n
\`\`\`
`,
    );
    const notebook = new NotebookPage(page);
    await notebook.open(id);
    const grid = notebook.grid('typed');
    await expect(grid.getByRole('gridcell', { name: '1', exact: true })).toBeVisible();
    await notebook.write('typed', 'select range * 2 as n from range(5)');
    await expect(grid.getByRole('gridcell', { name: '8', exact: true })).toBeVisible();
    await expect(notebook.cell('typed')).toContainText('full');
    await expect(notebook.cell('typed')).toContainText('5 rows');
    expect(await api.get<unknown[]>(`/notebooks/${id}/runs`)).toEqual([]);

    await page.keyboard.type(' where');
    const error = notebook.cell('typed').getByRole('alert');
    await expect(error).toBeVisible();
    await expect(error).toContainText(/Line 1, column \d+/);
    await expect(grid.getByRole('gridcell', { name: '8', exact: true })).toBeVisible();
    await expect(notebook.cell('typed')).toContainText(/last good result: .*5 rows/);
    await page.keyboard.type(' range > 3');
    await expect(error).toBeHidden();
    await expect(grid.getByRole('gridcell', { name: '8', exact: true })).toBeVisible();
    await expect(notebook.cell('typed')).toContainText('1 row');
  });

  test('what the browser engine cannot do is done by the server, and said', async ({ page, api }) => {
    const id = await api.importNotebook(
      'Falling over',
      `
\`\`\`sql by_server
select '{"a": [1, 2, 39]}'::json->'a'->>2 as j, timestamptz '2025-01-01 12:00:00+00' at time zone 'America/Sao_Paulo' as t
\`\`\`
`,
    );
    const notebook = new NotebookPage(page);
    await notebook.open(id);
    await expect(notebook.grid('by_server').getByRole('gridcell', { name: '39' })).toBeVisible();
    await expect(notebook.grid('by_server').getByRole('gridcell', { name: '2025-01-01 09:00:00' })).toBeVisible();
    await expect(notebook.cell('by_server')).toContainText('server');
    await expect(notebook.cell('by_server')).toContainText('on the server');
  });

  test('a small table is computed in full, a large one from a sample that says its size', async ({ page, api }) => {
    const id = await api.importNotebook(
      'Sampled',
      `
\`\`\`sql smp_small
select range as n from range(1000)
\`\`\`

\`\`\`sql smp_large
select range as n from range(1200000)
\`\`\`
`,
    );
    const report = await api.run(id);
    expect(report.state).toBe('succeeded');
    const notebook = new NotebookPage(page);
    await notebook.open(id);
    await expect(notebook.cell('smp_small')).toContainText('full');
    await expect(notebook.cell('smp_small')).toContainText('1,000 rows');

    const reader = await api.importNotebook(
      'Reads the sampled',
      `
\`\`\`sql smp_of_large
select count(*) as n from silver.smp_large
\`\`\`
`,
    );
    await notebook.open(reader);
    await expect(notebook.cell('smp_of_large')).toContainText(/sample .* of 1\.2 ?M/i, { timeout: 30_000 });
    await notebook.run.click();
    await notebook.expectRun(/^succeeded/);
    const [whole] = await api.query('select n from silver.smp_of_large');
    expect(String(whole?.['n'])).toBe('1200000');
  });

  test('a chart of a cell that says nothing yet waits for it, and the page stays alive', async ({ page, api }) => {
    const id = await api.importNotebook(
      'Silent',
      '```sql silent\n-- to be written\n```\n\n```chart drawn\nfrom: silent\ntype: table\n```',
    );
    const notebook = new NotebookPage(page);
    await notebook.open(id);
    await expect(notebook.editor('silent')).toHaveText('-- to be written');
    await expect(notebook.cell('drawn')).toBeVisible();
    await notebook.write('silent', 'select 7 as only');
    await expect(notebook.cell('drawn').getByRole('cell', { name: '7' })).toBeVisible();
    await notebook.edit('silent');
    await page.keyboard.press('Control+Home');
    await page.keyboard.type('-- first\n');
    await expect(notebook.editor('silent')).toContainText('select 7 as only');
    await expect(notebook.cell('drawn').getByRole('cell', { name: '7' })).toBeVisible();
  });
});
