import { expect, test } from './fixtures.ts';
import { NotebookPage } from './pages/notebook.ts';

test('an example is copied from the home page, runs, and answers what if', async ({ page, api }) => {
  await api.createNotebook('Mine');
  await page.goto('/');
  const examples = page.getByRole('region', { name: 'Examples' });
  await expect(examples.getByRole('button')).toHaveCount(5);
  await examples.getByRole('button', { name: 'Make a copy: Financial performance' }).click();
  await page.waitForURL(/\/notebooks\/nb_/);
  await expect(
    page.getByRole('banner').getByRole('heading', { name: 'Financial performance', level: 1 }),
  ).toBeVisible();
  const id = new URL(page.url()).pathname.split('/')[2] ?? '';
  const report = await api.run(id);
  expect(report.state).toBe('succeeded');
  const notebook = new NotebookPage(page);
  const balance = notebook.cell('balance_ahead');
  await balance.scrollIntoViewIfNeeded();
  await expect(balance.getByRole('img', { name: /scenario|balance/i })).toBeVisible();
});
