import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { expect, test } from './fixtures.ts';

const bakery = join(import.meta.dirname, '../../engine/src/dbt/testing/bakery');

/** Lets go of a folder's files over the list of notebooks; the browser gives them their paths. */
async function dropFiles(page: Page, files: readonly { name: string; text: string }[]): Promise<void> {
  const transfer = await page.evaluateHandle((given) => {
    const made = new DataTransfer();
    for (const { name, text } of given) made.items.add(new File([text], name));
    return made;
  }, files);
  const target = page.locator('.zone').first();
  for (const type of ['dragenter', 'dragover', 'drop']) await target.dispatchEvent(type, { dataTransfer: transfer });
}

function filesOf(folder: string): { name: string; text: string }[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => statSync(join(folder, path)).isFile())
    .map((path) => ({ name: `bakery/${path}`, text: readFileSync(join(folder, path), 'utf8') }));
}

test.describe('other forms', () => {
  test('a script dropped on the list becomes a notebook, with what stays text said at its place', async ({ page }) => {
    await page.goto('/notebooks');
    await expect(page.getByRole('button', { name: 'Import', exact: true })).toBeVisible();
    const text = '-- Sales of a week\ncreate table week_sales as select 1 as day, 10 as sold;\n\ndrop table old;\n';
    await dropFiles(page, [{ name: 'week.sql', text }]);
    const dialog = page.getByRole('dialog', { name: 'Import' });
    await expect(dialog.getByRole('link', { name: 'week' })).toBeVisible();
    await expect(dialog.getByText('1 SQL')).toBeVisible();
    await expect(dialog.getByRole('list', { name: 'What was changed or left out' })).toContainText('week.sql:4:1');
    await dialog.getByRole('link', { name: 'Open' }).click();
    await expect(dialog).toBeHidden();
    await expect(page.getByRole('paragraph').filter({ hasText: 'Sales of a week' })).toBeVisible();
    await expect(page.getByText('week_sales').first()).toBeVisible();
  });

  test('a dbt project comes in with its findings and leaves again as one', async ({ page, api }) => {
    await page.goto('/notebooks');
    await expect(page.getByRole('button', { name: 'Import', exact: true })).toBeVisible();
    await dropFiles(page, filesOf(bakery));
    const dialog = page.getByRole('dialog', { name: 'Import' });
    await expect(dialog.getByRole('link', { name: 'Bakery' })).toBeVisible();
    await expect(dialog.getByText('at_least_one', { exact: false })).toBeVisible();
    const id = (await dialog.getByRole('link', { name: 'Bakery' }).getAttribute('href'))?.split('/').at(-1) ?? '';
    expect((await api.run(id)).state).toBe('succeeded');
    await dialog.getByRole('link', { name: 'Open' }).click();

    await page.getByRole('button', { name: 'Export…' }).click();
    const out = page.getByRole('dialog', { name: 'Export Bakery' });
    await out.getByRole('radio', { name: 'dbt project' }).click();
    await expect(out.getByText('is a csv source, which dbt does not load', { exact: false }).first()).toBeVisible();
    const downloading = page.waitForEvent('download');
    await out.getByRole('link', { name: 'Download' }).click();
    expect((await downloading).suggestedFilename()).toBe('bakery.zip');
  });
});

test.describe('the SQL room', () => {
  test('keeps tabs, binds parameters, draws the plan, shares queries and makes cells of them', async ({
    page,
    api,
    join: guest,
  }) => {
    const id = await api.importNotebook(
      'Numbers',
      '```sql room_numbers\nselect range as n, range % 5 as k from range(100)\n```\n',
    );
    expect((await api.run(id)).state).toBe('succeeded');
    await page.goto('/sql');
    const main = page.getByRole('main');
    const type = async (text: string) => {
      await main.getByRole('textbox', { name: 'SQL' }).click();
      await page.keyboard.press('Control+A');
      await page.keyboard.insertText(text);
    };
    await page.getByRole('button', { name: 'New tab' }).click();
    await type('select k, count(*) as n from silver.room_numbers where n >= $least group by k order by k');
    await main.getByLabel('$least').fill('50');
    await page.getByRole('button', { name: 'Run', exact: true }).click();
    await expect(main.getByRole('gridcell', { name: '10' }).first()).toBeVisible();

    await page.getByRole('button', { name: 'More' }).click();
    await page.getByRole('menuitem', { name: 'Explain (runs it)' }).click();
    const plan = main.getByRole('tree', { name: 'What the query did' });
    await expect(plan.getByText(/group by/i).first()).toBeVisible();
    await expect(plan.getByText('5 rows').first()).toBeVisible();

    await page.getByRole('button', { name: 'Save', exact: true }).click();
    const dialog = page.getByRole('dialog', { name: 'Save' });
    await dialog.getByLabel('Name').fill('By five');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await expect(dialog).toBeHidden();
    await expect(main.getByRole('tab', { name: 'By five' })).toBeVisible();

    const other = await guest('Rui', 'viewer');
    await other.page.goto('/sql');
    await other.page.getByRole('button', { name: /^By five/ }).click();
    await expect(other.page.getByLabel('$least')).toHaveValue('50');
    await expect(other.page.getByRole('button', { name: 'Save', exact: true })).toBeHidden();

    await page.reload();
    await expect(main.getByRole('tab', { name: 'By five', selected: true })).toBeVisible();
    await expect(main.getByLabel('$least')).toHaveValue('50');
    await page.getByRole('button', { name: 'More' }).click();
    await page.getByRole('menuitem', { name: 'Make it a cell…' }).click();
    const cell = page.getByRole('dialog', { name: 'Make it a cell…' });
    await cell.getByLabel('Notebook').selectOption({ label: 'Numbers' });
    await cell.getByRole('button', { name: 'Add' }).click();
    await expect(page).toHaveURL(new RegExp(id));
    await expect(page.getByText('by_five').first()).toBeVisible();
    expect(await api.exportNotebook(id)).toContain('```input least\ntype: number\ndefault: 50\n```');
  });
});
