import { expect, test } from './fixtures.ts';
import { NotebookPage } from './pages/notebook.ts';

const chain = (p: string) => `
\`\`\`sql ${p}_one
select 1 as n
\`\`\`

\`\`\`sql ${p}_two
select n + 1 as n from ${p}_one
\`\`\`

\`\`\`sql ${p}_three
select n + 1 as n from ${p}_two
\`\`\`

\`\`\`sql ${p}_apart
select 99 as n
\`\`\`
`;

test.describe('the reactive graph', () => {
  test('an edit marks what depends on it stale at once, and a run of the stale cells makes it fresh', async ({
    page,
    api,
  }) => {
    const id = await api.importNotebook('Stale', chain('st'));
    await api.request.patch(`/api/v1/notebooks/${id}`, { data: { autoRun: false } });
    await api.run(id);
    const notebook = new NotebookPage(page);
    await notebook.open(id);
    for (const name of ['st_one', 'st_two', 'st_three', 'st_apart']) await notebook.expectState(name, 'Fresh');
    await notebook.write('st_one', 'select 10 as n');
    for (const name of ['st_one', 'st_two', 'st_three']) await notebook.expectState(name, 'Stale');
    await notebook.expectState('st_apart', 'Fresh');
    await page.getByRole('banner').getByRole('button', { name: 'Run 3 stale' }).click();
    for (const name of ['st_one', 'st_two', 'st_three']) await notebook.expectState(name, 'Fresh', 30_000);
    expect(await api.query('select n::int as n from silver.st_three')).toEqual([{ n: 12 }]);
  });

  test('what is below shows the rows of the edit, two cells down, before anything is run', async ({ page, api }) => {
    const id = await api.importNotebook('Below', chain('be'));
    const notebook = new NotebookPage(page);
    await notebook.open(id);
    const shown = (name: string, value: string) =>
      expect(notebook.grid(name).getByRole('gridcell', { name: value, exact: true })).toBeVisible();
    await shown('be_three', '3');
    await notebook.write('be_one', 'select 20 as n');
    await shown('be_two', '21');
    await shown('be_three', '22');
    await notebook.write('be_two', 'select n + 100 as n from be_one');
    await shown('be_three', '121');
  });

  test('in Auto, what an edit made stale is run by itself once the hands rest', async ({ page, api }) => {
    const id = await api.importNotebook('By itself', chain('au'));
    await api.run(id);
    const notebook = new NotebookPage(page);
    await notebook.open(id);
    await notebook.expectState('au_three', 'Fresh');
    await notebook.write('au_one', 'select 20 as n');
    await notebook.expectState('au_three', 'Stale');
    await notebook.expectState('au_three', 'Fresh', 30_000);
    expect(await api.query('select n::int as n from silver.au_three')).toEqual([{ n: 22 }]);
  });

  test('an error blocks what reads it, by name, and goes away with it', async ({ page, api }) => {
    const id = await api.importNotebook('Blocked', chain('bl'));
    await api.run(id);
    const notebook = new NotebookPage(page);
    await notebook.open(id);
    await notebook.expectState('bl_three', 'Fresh');
    await notebook.write('bl_one', 'select nothing_here as n');
    await notebook.expectState('bl_one', 'Failed');
    await notebook.expectState('bl_two', 'Blocked');
    await notebook.expectState('bl_three', 'Blocked');
    await notebook.expectState('bl_apart', 'Fresh');
    await expect(notebook.cell('bl_three')).toContainText('waits for bl_one');
    await expect(notebook.cell('bl_two')).toContainText('1 row published');
    await notebook.write('bl_one', 'select 1 as n');
    for (const name of ['bl_one', 'bl_two', 'bl_three']) await notebook.expectState(name, 'Fresh');
  });

  test('a cycle is said with its place in every cell of it', async ({ page, api }) => {
    const id = await api.importNotebook('Cycle', chain('cy'));
    const notebook = new NotebookPage(page);
    await notebook.open(id);
    await notebook.write('cy_one', 'select n from cy_three');
    await notebook.expectState('cy_one', 'Failed');
    await notebook.panel.getByRole('tab', { name: 'Problems' }).click();
    await expect(notebook.panel).toContainText('cy_one → cy_three → cy_two → cy_one');
    await expect(notebook.panel).toContainText('Line 1, column 15.');
  });

  test('a cell runs with what it reads, or with all after it', async ({ page, api }) => {
    const id = await api.importNotebook('Parts', chain('pt'));
    const notebook = new NotebookPage(page);
    await notebook.open(id);
    await notebook.choose('pt_two', 'Run with what it reads');
    await notebook.expectState('pt_two', 'Fresh', 30_000);
    await notebook.expectState('pt_one', 'Fresh');
    await notebook.expectState('pt_three', 'Not run yet');
    await notebook.choose('pt_two', 'Run it and all after it');
    await notebook.expectState('pt_three', 'Fresh', 30_000);
    await notebook.expectState('pt_apart', 'Not run yet');
    expect(await api.query('select n::int as n from silver.pt_three')).toEqual([{ n: 3 }]);
  });

  test('lazy waits for a key where auto does not', async ({ page, api }) => {
    const id = await api.importNotebook('Lazy', chain('lz'));
    const notebook = new NotebookPage(page);
    await notebook.open(id);
    await expect(notebook.grid('lz_one')).toBeVisible();
    await page.getByRole('radio', { name: 'Lazy' }).click();
    await expect.poll(async () => (await api.get<{ autoRun: boolean }>(`/notebooks/${id}`)).autoRun).toBe(false);
    await page.reload();
    await expect(page.getByRole('radio', { name: 'Lazy' })).toBeChecked();
    await notebook.write('lz_one', 'select 77 as n');
    await expect(notebook.saved).toContainText(/^\s*Saved/);
    await expect(notebook.grid('lz_one')).toBeHidden();
    await page.keyboard.press('Control+Shift+Enter');
    await expect(notebook.grid('lz_one').getByRole('gridcell', { name: '77' })).toBeVisible();
  });

  test('the graph view shows the cells and their states', async ({ page, api }) => {
    const id = await api.importNotebook('Graph', chain('gr'));
    const notebook = new NotebookPage(page);
    await notebook.open(id);
    await page.getByRole('radio', { name: 'Graph' }).click();
    const main = page.getByRole('main');
    for (const name of ['gr_one', 'gr_two', 'gr_three', 'gr_apart']) {
      await expect(main.getByText(name, { exact: true }).last()).toBeVisible();
    }
    await expect(
      main.getByRole('img', { name: /^Edge from/ }).or(main.getByRole('group', { name: /^Edge from/ })),
    ).toHaveCount(2);
  });
});
