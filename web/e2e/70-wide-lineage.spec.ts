import { expect, test } from './fixtures.ts';
import { NotebookPage } from './pages/notebook.ts';

const TABLES = 45;
const cells = Array.from({ length: TABLES }, (_, at) => {
  const from = at === 0 ? 'select 1 as id, 2 as amount, 3 as other' : `select id, amount, other from wide_${at - 1}`;
  return `\`\`\`sql wide_${at}\n${from}\n\`\`\`\n`;
});

test.describe('lineage of many tables', () => {
  test('is searched by table and column, opens what a column reaches alone, and folds', async ({ page, api }) => {
    const id = await api.importNotebook('Wide lineage', cells.join('\n'));
    const notebook = new NotebookPage(page);
    await notebook.open(id);
    await notebook.cell('wide_0').getByRole('button', { name: 'More' }).click();
    await page.getByRole('menuitem', { name: 'Lineage of columns' }).click();
    const dialog = page.getByRole('dialog', { name: 'Lineage of wide_0' });
    await expect(dialog.getByRole('status')).toHaveText(`${TABLES} tables`);

    const search = dialog.getByRole('searchbox', { name: 'Find a table or column' });
    await search.fill('wide_44.amount');
    await expect(dialog.getByRole('status')).toHaveText(`1 of ${TABLES} tables`);
    const amount = dialog.getByRole('button', { name: /^amount/ });
    await expect(amount).toHaveCount(1);
    await expect(dialog.getByRole('button', { name: /^other/ })).toHaveCount(0);
    await amount.click();
    await search.fill('');
    await expect(dialog.getByRole('button', { name: /^amount/ })).toHaveCount(TABLES);
    await expect(dialog.getByRole('button', { name: /^other/ })).toHaveCount(1);

    await dialog.getByRole('button', { name: 'Fold all' }).click();
    await expect(dialog.getByRole('button', { name: /^amount/ })).toHaveCount(1);
    await page.setViewportSize({ width: 360, height: 740 });
    const isWide = await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth);
    expect(isWide).toBe(false);
  });
});
