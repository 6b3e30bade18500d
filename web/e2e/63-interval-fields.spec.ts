import { expect, test } from './fixtures.ts';
import { NotebookPage } from './pages/notebook.ts';

const text = `
\`\`\`sql visits
---
materialize: incremental
strategy: replace_interval
time_column: day
---
select date '2024-01-31' as day, 7 as n
\`\`\`
`;

test.describe('the settings of an incremental cell', () => {
  test('say by keyboard from when on it records intervals, which are made again, and what of the one under way', async ({
    page,
    api,
  }) => {
    const id = await api.importNotebook('Visits', text);
    const notebook = new NotebookPage(page);
    await notebook.open(id);
    const cell = notebook.cell('visits');
    await cell.getByRole('button', { name: 'More' }).click();
    await page.getByRole('menuitem', { name: 'Settings' }).click();
    const start = cell.getByRole('textbox', { name: 'Intervals from' });
    await expect(cell.getByRole('textbox', { name: 'Made again' })).toBeHidden();

    await start.fill('31/01/2024');
    await start.press('Tab');
    await expect(cell.getByText('Write a date such as 2024-01-31.')).toBeVisible();
    await start.fill('2024-01-31');
    await start.press('Tab');
    await expect(cell.getByText('Write a date such as 2024-01-31.')).toBeHidden();
    await expect(cell.getByRole('textbox', { name: 'Made again' })).toBeVisible();

    await start.focus();
    await page.keyboard.press('Tab');
    await page.keyboard.type('2');
    await page.keyboard.press('Tab');
    const partials = cell.getByRole('combobox', { name: 'The interval under way' });
    await expect(partials).toBeFocused();
    await page.keyboard.press('ArrowDown');
    await expect(partials).toHaveValue('makes');
    await expect
      .poll(() => api.exportNotebook(id))
      .toContain('time_column: day\nlookback: 2\nstart: 2024-01-31\nallow_partials: true\n');

    await partials.selectOption({ label: 'waits for its end' });
    await expect.poll(() => api.exportNotebook(id)).not.toContain('allow_partials');
    await api.run(id);
    expect(await api.query('select n from silver.visits')).toEqual([{ n: 7 }]);
  });
});
