import { expect, test } from './fixtures.ts';
import { NotebookPage } from './pages/notebook.ts';

const three = (prefix: string) => `
\`\`\`sql ${prefix}_a
select 1 as first_value, 'x' as letter
\`\`\`

\`\`\`sql ${prefix}_b
select first_value + 1 as b from ${prefix}_a
\`\`\`

\`\`\`sql ${prefix}_c
select b + 1 as c from ${prefix}_b
\`\`\`
`;

const orderOf = (text: string) => [...text.matchAll(/^```sql (\w+)$/gm)].map((match) => match[1]);

test.describe('editing a notebook', () => {
  test('a new notebook takes a title and a cell of every kind', async ({ page, api }) => {
    await page.goto('/notebooks');
    await page.getByRole('banner').getByRole('button', { name: 'New notebook' }).click();
    const notebook = new NotebookPage(page);
    await expect(page.getByText('An empty notebook')).toBeVisible();
    const title = page.getByRole('textbox', { name: 'Title of the notebook' });
    await title.fill('Every kind');
    await title.press('Enter');
    await expect(page.getByRole('banner').getByText('Every kind')).toBeVisible();

    await page.getByRole('main').getByRole('button', { name: /^SQL/ }).click();
    await notebook.write('query', 'select 1 as a');
    for (const kind of ['Source', 'Input', 'Chart', 'Prose'] as const) await notebook.add(kind);
    await expect(notebook.cells).toHaveCount(5);
    await expect(notebook.saved).toContainText(/^\s*Saved/);
    const id = new URL(page.url()).pathname.split('/').at(-1) ?? '';
    const text = await api.exportNotebook(id);
    expect(text).toContain('title: Every kind');
    for (const opening of ['```sql query', '```source source', '```input input', '```chart chart'])
      expect(text).toContain(opening);
  });

  test('cells are renamed, moved by key, duplicated, binned and brought back', async ({ page, api }) => {
    const id = await api.importNotebook('Moving', three('mv'));
    const notebook = new NotebookPage(page);
    await notebook.open(id);

    await notebook.choose('mv_c', 'Rename');
    const name = page.getByRole('textbox', { name: 'Rename' });
    await name.fill('mv_a');
    await expect(page.getByRole('alert').filter({ hasText: 'There is already a cell mv_a.' })).toBeVisible();
    await name.fill('mv_last');
    await name.press('Enter');
    await expect(notebook.cell('mv_last')).toBeVisible();

    await notebook.edit('mv_last');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Alt+Shift+ArrowUp');
    await expect.poll(async () => orderOf(await api.exportNotebook(id))).toEqual(['mv_a', 'mv_last', 'mv_b']);

    await notebook.choose('mv_a', 'Duplicate');
    await expect(notebook.cell('mv_a_copy')).toBeVisible();

    await notebook.editor('mv_a_copy').click();
    await page.keyboard.press('Escape');
    await page.keyboard.press('d');
    await page.keyboard.press('d');
    await expect(notebook.cell('mv_a_copy')).toBeHidden();
    await page.getByRole('button', { name: /^Bin/ }).click();
    await page.getByRole('dialog', { name: 'Bin' }).getByRole('button', { name: 'Restore' }).click();
    await page.keyboard.press('Escape');
    await expect(notebook.cell('mv_a_copy')).toBeVisible();

    await notebook.choose('mv_a_copy', /^Move to the bin/);
    await expect(notebook.cell('mv_a_copy')).toBeHidden();
    await page.getByRole('button', { name: 'Undo' }).last().click();
    await expect(notebook.cell('mv_a_copy')).toBeVisible();
  });

  test('the editor completes cells, columns and keywords', async ({ page, api }) => {
    const id = await api.importNotebook('Completing', three('cp'));
    const notebook = new NotebookPage(page);
    await notebook.open(id);
    await expect(notebook.grid('cp_a')).toBeVisible();
    await notebook.write('cp_c', 'select * from cp_a where ');
    await page.keyboard.type('first_');
    const options = page.getByRole('listbox').getByRole('option');
    await expect(options.filter({ hasText: /^first_value/ }).first()).toBeVisible();
    await page.keyboard.press('Enter');
    await page.keyboard.type(' = 1 ord');
    await expect(options.filter({ hasText: /^order/i }).first()).toBeVisible();
    await page.keyboard.press('Escape');
    await notebook.write('cp_c', 'select * from ');
    await page.keyboard.type('cp_');
    await expect(options.filter({ hasText: /^cp_b/ }).first()).toBeVisible();
    await expect(options.filter({ hasText: /^cp_a/ }).first()).toBeVisible();
    await page.keyboard.press('Escape');
    await expect(notebook.editor('cp_c')).toHaveText('select * from cp_');
  });

  test('an error is marked at its token and said with line and column', async ({ page, api }) => {
    const id = await api.importNotebook('Wrong', three('wr'));
    const notebook = new NotebookPage(page);
    await notebook.open(id);
    await notebook.write('wr_c', 'select\n  frist_value\nfrom wr_a');
    await expect(notebook.markedIn('wr_c')).toHaveText('frist_value');
    const said = notebook.cell('wr_c').getByRole('alert').filter({ hasText: 'frist_value' });
    await expect(said).toContainText('Line 2, column 3.');
    await notebook.write('wr_c', 'select letter, first_value from nowhere_at_all');
    await expect(notebook.markedIn('wr_c')).toHaveText('nowhere_at_all');
    await notebook.panel.getByRole('tab', { name: 'Problems' }).click();
    await expect(notebook.panel).toContainText('Line 1, column 33.');
  });

  test('SQL is formatted, a selection runs alone, and undo takes back one step', async ({ page, api }) => {
    const id = await api.importNotebook('Formatting', three('fm'));
    const notebook = new NotebookPage(page);
    await notebook.open(id);
    await notebook.write('fm_c', 'select b,b+1 as c from fm_b where b>0');
    await page.keyboard.press('Alt+Shift+F');
    await expect.poll(async () => api.exportNotebook(id)).toMatch(/select\n\s+b,\n\s+b \+ 1 as c\nfrom\n?\s+fm_b/i);
    await page.keyboard.press('Control+z');
    await expect.poll(async () => api.exportNotebook(id)).toContain('select b,b+1 as c from fm_b where b>0');

    await notebook.write('fm_c', 'select * from (select 41 + 1 as alone)');
    await page.keyboard.press('Home');
    for (let at = 0; at < 'select * from ('.length; at += 1) await page.keyboard.press('ArrowRight');
    for (let at = 0; at < 'select 41 + 1'.length; at += 1) await page.keyboard.press('Shift+ArrowRight');
    await page.keyboard.press('Control+Shift+Enter');
    await expect(notebook.grid('fm_c').getByRole('columnheader', { name: /41 \+ 1/ })).toBeVisible();
    await expect(notebook.grid('fm_c').getByRole('gridcell', { name: '42' })).toBeVisible();
  });

  test('what is typed at once into a cell added far down a long notebook is all there', async ({ page, api }) => {
    const many = Array.from(
      { length: 36 },
      (_, n) => `\`\`\`sql far_${n}\nselect range as id, range % ${n + 2} as part\nfrom range(2000)\n\`\`\``,
    ).join('\n\n');
    const id = await api.importNotebook('Far down', many);
    const notebook = new NotebookPage(page);
    await notebook.open(id);
    const typed = 'select dddd, jk as s, bazl from far_0';

    // By pointer, at the end.
    await page.getByRole('main').getByRole('button', { name: 'Add a cell' }).last().click();
    await page.getByRole('toolbar', { name: 'Add a cell' }).getByRole('button', { name: 'SQL' }).click();
    await page.keyboard.type(typed);
    await expect(notebook.editor('query')).toHaveText(typed);
    await expect(notebook.editor('query')).toBeInViewport();
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');

    // By key, under a cell that is out of sight.
    await page.keyboard.press('s');
    await page.keyboard.type(typed);
    await expect(notebook.editor('query_2')).toHaveText(typed);
    await expect(notebook.cells).toHaveCount(38);
  });
});
