import { readFile } from 'node:fs/promises';
import { tableFromIPC } from 'apache-arrow';
import { expect, test } from './fixtures.ts';
import { NotebookPage } from './pages/notebook.ts';

test.describe('the result grid', () => {
  test('shows exact values, and tells NULL from nothing', async ({ page, api }) => {
    const id = await api.importNotebook(
      'Exact',
      `
\`\`\`sql exact
select '' as empty_text, null::varchar as nothing, 9223372036854775807::bigint as big, 170141183460469231731687303715884105727::hugeint as huge,
  12345678901234567890.123456::decimal(30, 6) as price, timestamptz '2025-03-01 12:00:00.123456+00' as at
\`\`\`
`,
    );
    await api.run(id);
    const notebook = new NotebookPage(page);
    await notebook.open(id);
    const grid = notebook.grid('exact');
    for (const value of [
      '9223372036854775807',
      '170141183460469231731687303715884105727',
      '12345678901234567890.123456',
    ])
      await expect(grid.getByRole('gridcell', { name: value, exact: true })).toBeVisible();
    await expect(grid.getByRole('gridcell', { name: /2025-03-01 .*\.123456/ })).toBeVisible();
    const cells = grid.getByRole('row').nth(1).getByRole('gridcell');
    const empty = (await cells.nth(0).textContent())?.trim();
    const nothing = (await cells.nth(1).textContent())?.trim();
    expect(nothing).toMatch(/^null$/i);
    expect(empty).not.toBe(nothing);
  });

  test('sorts and filters only the view, and says so', async ({ page, api }) => {
    const id = await api.importNotebook(
      'Viewed',
      `
\`\`\`sql viewed
select range as n, 'name ' || (range % 3) as label from range(100)
\`\`\`
`,
    );
    await api.run(id);
    const before = await api.exportNotebook(id);
    const notebook = new NotebookPage(page);
    await notebook.open(id);
    const cell = notebook.cell('viewed');
    const grid = notebook.grid('viewed');
    await grid.getByRole('button', { name: 'Sort by n' }).click();
    await grid.getByRole('button', { name: 'Sort by n' }).click();
    await expect(grid.getByRole('row').nth(1).getByRole('gridcell').first()).toHaveText('99');
    await expect(cell.getByRole('button', { name: /sorted view/ })).toBeVisible();
    await grid.getByRole('button', { name: 'Filter label' }).click();
    const form = page.getByRole('form', { name: 'Filter label' });
    await form.getByRole('textbox', { name: 'contains' }).fill('name 1');
    await form.getByRole('button', { name: 'Apply' }).click();
    await expect(cell.getByRole('button', { name: /filtered view\s*33 of 100 rows/ })).toBeVisible();
    await expect(grid.getByRole('row').nth(1).getByRole('gridcell').first()).toHaveText('97');
    await cell.getByRole('button', { name: /filtered view/ }).click();
    await expect(grid.getByRole('row').nth(1).getByRole('gridcell').first()).toHaveText('0');
    expect(await api.exportNotebook(id)).toBe(before);
  });

  test('lets a wheel pass to the page until it is chosen', async ({ page, api }) => {
    const id = await api.importNotebook(
      'Wheeled',
      `
\`\`\`sql first
select range as n from range(500)
\`\`\`

\`\`\`sql second
select range as n from range(500)
\`\`\`

\`\`\`sql third
select range as n from range(500)
\`\`\`
`,
    );
    await api.run(id);
    const notebook = new NotebookPage(page);
    await notebook.open(id);
    const grid = notebook.grid('first');
    const zero = grid.getByRole('gridcell', { name: '0', exact: true });
    await expect(notebook.grid('second')).toBeVisible();
    await zero.hover();
    const before = await grid.boundingBox();
    await page.mouse.wheel(0, 96);
    await expect.poll(async () => (await grid.boundingBox())?.y).toBeLessThan(before?.y ?? 0);
    await expect(zero).toBeVisible();
    await grid.getByRole('gridcell', { name: '3', exact: true }).click();
    await page.mouse.wheel(0, 240);
    await expect(grid.getByRole('gridcell', { name: '12', exact: true })).toBeVisible();
    await expect(zero).toBeHidden();
  });

  test('copies a range and downloads CSV', async ({ page, api }) => {
    const id = await api.importNotebook(
      'Taken away',
      `
\`\`\`sql taken
select range as n, range * 1.5 as x, 'a"b;' || range as t from range(3)
\`\`\`
`,
    );
    await api.run(id);
    const notebook = new NotebookPage(page);
    await notebook.open(id);
    const grid = notebook.grid('taken');
    await grid.getByRole('gridcell', { name: '0', exact: true }).click();
    await page.keyboard.press('Shift+ArrowRight');
    await page.keyboard.press('Shift+ArrowDown');
    await page.keyboard.press('Control+c');
    await expect(notebook.cell('taken').getByRole('status').filter({ hasText: 'Copied 4 cells' })).toBeVisible();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe('n\tx\n0\t0.0\n1\t1.5');

    await notebook.cell('taken').getByLabel('Download', { exact: true }).click();
    const download = page.waitForEvent('download');
    await notebook.cell('taken').getByRole('button', { name: 'CSV' }).click();
    const file = await download;
    expect(file.suggestedFilename()).toBe('taken.csv');
    const text = await readFile(await file.path(), 'utf8');
    expect(
      text
        .replace(/^\uFEFF/, '')
        .trim()
        .split(/\r?\n/),
    ).toEqual(['n,x,t', '0,0.0,"a""b;0"', '1,1.5,"a""b;1"', '2,3.0,"a""b;2"']);
  });

  test('downloads Parquet and Arrow with every type kept', async ({ page, api }) => {
    const id = await api.importNotebook(
      'Files',
      `
\`\`\`sql filed
select range::bigint as n, (range * 1.25)::decimal(9, 2) as price, date '2025-01-01' + range::int as day from range(40)
\`\`\`
`,
    );
    await api.run(id);
    const notebook = new NotebookPage(page);
    await notebook.open(id);
    const cell = notebook.cell('filed');
    await expect(notebook.grid('filed')).toBeVisible();
    const take = async (press: () => Promise<void>) => {
      await cell.getByLabel('Download', { exact: true }).click();
      const download = page.waitForEvent('download');
      await press();
      const file = await download;
      return { name: file.suggestedFilename(), body: await readFile(await file.path()) };
    };
    const parquet = await take(() => cell.getByRole('link', { name: 'Parquet' }).click());
    expect(parquet.name).toBe('filed.parquet');
    const path = await api.upload('filed_again.parquet', parquet.body, 'application/octet-stream');
    const again = await api.importNotebook(
      'Read again',
      `\`\`\`source filed_again\ntype: parquet\npath: ${path}\n\`\`\``,
    );
    expect((await api.run(again)).state).toBe('succeeded');
    const sum =
      'select count(*)::int as n, sum(price)::varchar as s, typeof(min(n)) as tn, typeof(min(price)) as tp, typeof(min(day)) as td from';
    expect(await api.query(`${sum} bronze.filed_again`)).toEqual(await api.query(`${sum} silver.filed`));

    const arrow = await take(() => cell.getByRole('button', { name: 'Arrow' }).click());
    expect(arrow.name).toBe('filed.arrow');
    const table = tableFromIPC(arrow.body);
    expect(table.numRows).toBe(40);
    expect(table.schema.fields.map(({ name, type }) => `${name} ${String(type)}`)).toEqual([
      'n Int64',
      expect.stringMatching(/^price Decimal\[9e[+]?2\]/),
      expect.stringMatching(/^day Date32/),
    ]);
  });

  test('says what it holds when that is not all', async ({ page, api }) => {
    const id = await api.importNotebook(
      'Cut',
      `
\`\`\`sql cut_here
select range as n, '{"a":1}'::json->'a' as j from range(60000)
\`\`\`
`,
    );
    const notebook = new NotebookPage(page);
    await notebook.open(id);
    await expect(notebook.cell('cut_here')).toContainText(/first 10,000 rows/, { timeout: 30_000 });
    await page.goto('/sql');
    await page.getByRole('main').getByRole('textbox').click();
    await page.keyboard.press('Control+A');
    await page.keyboard.insertText('select range as n from range(25000)');
    await page.keyboard.press('Control+Enter');
    await expect(page.getByRole('main')).toContainText(/10,000 of 25,000 rows|cut at the limit/);
  });

  test('a profile says nulls, distinct values and extremes of each column', async ({ page, api }) => {
    const id = await api.importNotebook(
      'Profiled',
      `
\`\`\`sql profiled
select case when range % 4 = 0 then null else range end as some, range % 5 as five from range(100)
\`\`\`
`,
    );
    await api.run(id);
    const notebook = new NotebookPage(page);
    await notebook.open(id);
    await notebook.cell('profiled').getByRole('radio', { name: 'Profile' }).click();
    const row = (name: string) => notebook.cell('profiled').getByRole('row').filter({ hasText: name });
    await expect(row('some')).toContainText(/25/);
    await expect(row('five')).toContainText(/5/);
  });
});
