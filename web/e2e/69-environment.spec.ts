import { expect, test } from './fixtures.ts';
import { NotebookPage } from './pages/notebook.ts';

const cell = (value: number) =>
  `\`\`\`sql e2e_tariff\nselect ${value} as price\n\`\`\`\n\n\`\`\`sql e2e_bill\nselect price * 2 as due from e2e_tariff\n\`\`\`\n`;

test('a run in an environment leaves production alone, is looked at, promoted without a run, and dropped', async ({
  page,
  api,
}) => {
  const id = await api.importNotebook('Tariffs', cell(10));
  await api.run(id);
  await api.request.patch(`/api/v1/notebooks/${id}`, { data: { autoRun: false } });
  const notebook = new NotebookPage(page);
  await notebook.open(id);
  await notebook.write('e2e_tariff', 'select 12 as price');
  await expect.poll(() => api.exportNotebook(id)).toContain('select 12 as price');

  await page.getByRole('button', { name: 'Run modes' }).click();
  await page.getByRole('menuitem', { name: 'What will this run do?…' }).click();
  const plan = page.getByRole('dialog', { name: 'What this run will do' });
  await plan.getByRole('combobox', { name: 'Where' }).selectOption({ label: 'a new environment…' });
  await plan.getByRole('textbox', { name: 'Name of the environment' }).fill('e2e-staging');
  await plan.getByRole('textbox', { name: 'Name of the environment' }).press('Tab');
  await plan.getByRole('button', { name: 'Run 2 cells' }).click();
  await expect(page.getByText('environment e2e-staging', { exact: true })).toBeVisible();
  await expect(page.getByText(/^succeeded/).first()).toBeVisible({ timeout: 30_000 });
  const due = () => api.query('select due from silver.e2e_bill');
  expect(await due()).toEqual([{ due: 20 }]);

  await notebook.open(id);
  await notebook.expectState('e2e_bill', 'Stale');
  await page.keyboard.press('Control+k');
  await page.keyboard.type('Environments');
  await page.getByRole('dialog', { name: 'Find or run' }).getByRole('option', { name: 'Environments' }).click();
  const dialog = page.getByRole('dialog', { name: 'Environments' });
  await dialog.getByRole('button', { name: 'Look at e2e-staging' }).click();
  await expect(dialog.getByText('silver.e2e_bill')).toBeVisible();
  await dialog.getByRole('button', { name: 'Promote' }).click();
  await expect(dialog.getByText('2 tables are production’s now.')).toBeVisible();
  expect(await due()).toEqual([{ due: 24 }]);

  await dialog.getByRole('button', { name: 'Drop' }).click();
  await dialog.getByRole('button', { name: 'Drop' }).last().click();
  await expect(dialog.getByRole('button', { name: 'Look at e2e-staging' })).toBeHidden();
  await page.keyboard.press('Escape');
  await notebook.expectState('e2e_bill', 'Fresh');
});
