import { expect, test } from './fixtures.ts';
import { NotebookPage } from './pages/notebook.ts';

const text = (rule: string) => `
\`\`\`sql tills
---
materialize: incremental
strategy: append
expect:
  - expression: ${rule}
    on_violation: quarantine
  - distribution: { column: amount, mean: { min: 0, max: 100 } }
---
select * from (values (1, 20), (2, 30), (3, -5), (4, -500)) t(till, amount)
\`\`\`
`;

test.describe('tests of a table', () => {
  test('what a test set aside is judged again once it was mended: each row that passes lands once', async ({
    page,
    api,
  }) => {
    const id = await api.importNotebook('Tills', text('amount >= 0'));
    await api.run(id);
    await api.request.patch(`/api/v1/notebooks/${id}`, { data: { autoRun: false } });
    const tests = async () => {
      await page.goto('/tables/silver/tills');
      await page.getByRole('tab', { name: /Tests/ }).click();
    };
    await tests();
    const measured = page.getByRole('row', { name: /distribution amount mean/ });
    await expect(measured).toContainText('25');
    await expect(measured.getByRole('img', { name: 'Oldest first: passed (25)' })).toBeVisible();
    await expect(page.getByRole('row', { name: /amount >= 0/ })).toContainText('2 of 4');
    await expect(page.getByText('2 rows broke a test and are kept apart.')).toBeVisible();

    const notebook = new NotebookPage(page);
    await notebook.open(id);
    await notebook.cell('tills').getByRole('button', { name: 'More' }).click();
    await page.getByRole('menuitem', { name: 'Settings' }).click();
    const rule = page.getByRole('textbox', { name: 'amount >= 0' });
    await expect(rule).toHaveValue('amount >= 0');
    await rule.fill('amount >= -10');
    await rule.press('Tab');
    await expect.poll(() => api.exportNotebook(id)).toContain('amount >= -10');

    await tests();
    await page.getByRole('button', { name: 'Judge again' }).click();
    const dialog = page.getByRole('dialog', { name: 'Judge again' });
    await expect(dialog).toContainText('lands in the table, once');
    await dialog.getByRole('button', { name: 'Judge again' }).click();
    await expect(page).toHaveURL(/\/runs\/run_/);
    await expect
      .poll(() => api.query('select till, amount from silver.tills order by till'), { timeout: 30_000 })
      .toEqual([
        { till: 1, amount: 20 },
        { till: 2, amount: 30 },
        { till: 3, amount: -5 },
      ]);
    expect(await api.query('select till, _rule from silver.tills_quarantine')).toEqual([
      { till: 4, _rule: 'amount >= -10' },
    ]);
    await tests();
    await expect(page.getByText('1 row broke a test and is kept apart.')).toBeVisible();
  });
});
