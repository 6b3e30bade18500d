import { expect, test } from './fixtures.ts';
import { NotebookPage } from './pages/notebook.ts';

const sales = `
\`\`\`sql road_sales
select range as id, range * 2.5 as amount, 'web' as channel from range(4)
\`\`\`

\`\`\`sql road_totals
select channel, sum(amount) as total from road_sales group by channel
\`\`\`
`;
const report = `
\`\`\`sql road_report
---
layer: gold
---
select total * 2 as twice from silver.road_totals
\`\`\`
`;

test.describe('lineage with lines', () => {
  test("from a cell's menu, across notebooks, along the lines by arrow keys, on a phone too", async ({ page, api }) => {
    const id = await api.importNotebook('Road sales', sales);
    await api.run(id);
    await api.run(await api.importNotebook('Road report', report));
    const notebook = new NotebookPage(page);
    await notebook.open(id);
    await notebook.cell('road_totals').getByRole('button', { name: 'More' }).click();
    await page.getByRole('menuitem', { name: 'Lineage of columns' }).click();
    const dialog = page.getByRole('dialog', { name: 'Lineage of road_totals' });
    await expect(dialog.getByText('gold.road_report')).toBeVisible();
    const total = dialog.getByRole('button', { name: /^total/ });
    await expect(total).toBeVisible();
    await expect(dialog.locator('svg path')).not.toHaveCount(0);

    await total.focus();
    await expect(dialog.locator('svg path.lit')).not.toHaveCount(0);
    await page.keyboard.press('ArrowLeft');
    await expect(dialog.getByRole('button', { name: /^amount/ })).toBeFocused();
    await page.keyboard.press('ArrowRight');
    await expect(total).toBeFocused();
    await page.keyboard.press('ArrowRight');
    await expect(dialog.getByRole('button', { name: /^twice/ })).toBeFocused();
    await page.keyboard.press('Enter');
    await expect(dialog.getByRole('region', { name: /road_report\.twice/ })).toContainText('road_sales.amount');
    await page.keyboard.press('Escape');
    await expect(dialog).toBeHidden();

    await page.setViewportSize({ width: 360, height: 740 });
    await page.goto('/tables/silver/road_totals');
    await page.getByRole('tab', { name: 'Lineage' }).click();
    await expect(page.getByRole('button', { name: /^total/ })).toBeVisible();
    await expect(page.locator('.lanes svg path').first()).toBeAttached();
    const isWide = await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth);
    expect(isWide).toBe(false);
  });
});
