import { expect, test } from './fixtures.ts';
import { NotebookPage } from './pages/notebook.ts';

test('the SQL room reads the tables of a branch beside those of its notebook', async ({ page, api }) => {
  const id = await api.importNotebook('Asked', '```sql asked_prices\nselect 10 as price\n```');
  await api.run(id);
  const { id: branchId } = await api.post<{ id: string }>(`/notebooks/${id}/branches`, { name: 'Dearer' });
  const ana = new NotebookPage(page);
  await ana.open(branchId);
  await ana.write('asked_prices', 'select 90 as price');
  await expect(ana.saved).toContainText(/^\s*Saved/);
  await api.run(branchId);

  await page.getByRole('region', { name: 'About this branch' }).getByRole('link', { name: 'Query its tables' }).click();
  const whose = page.getByRole('combobox', { name: /Tables of/ });
  await expect(whose).toHaveValue(branchId);
  await page.getByRole('button', { name: 'New tab' }).click();
  await page.getByRole('textbox', { name: 'SQL' }).click();
  await page.keyboard.insertText('select price from silver.asked_prices');
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  const result = page.getByRole('grid');
  await expect(result.getByRole('gridcell', { name: '90' })).toBeVisible();
  await whose.selectOption({ label: 'the workspace' });
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  await expect(result.getByRole('gridcell', { name: '10' })).toBeVisible();
});
