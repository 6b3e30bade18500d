import { expect, test } from './fixtures.ts';
import { NotebookPage } from './pages/notebook.ts';

const made = (columns: string) => `
\`\`\`sql till_sales
select ${columns} from range(12)
\`\`\`

\`\`\`sql till_days
select 1 as day
\`\`\`
`;
const reader = `
\`\`\`sql till_report
---
layer: gold
---
select channel, sum(amount) as total from silver.till_sales group by channel
\`\`\`
`;

test.describe('plan and lineage', () => {
  test('before a run it is said what runs, why and whom it breaks; the run does exactly that', async ({
    page,
    api,
  }) => {
    const id = await api.importNotebook('Till sales', made("range as id, range * 2.5 as amount, 'web' as channel"));
    await api.run(id);
    const report = await api.importNotebook('Till report', reader);
    await api.run(report);

    await api.request.patch(`/api/v1/notebooks/${id}`, { data: { autoRun: false } });
    const notebook = new NotebookPage(page);
    await notebook.open(id);
    await notebook.write('till_sales', 'select range as id, range * 2.5 as amount from range(12)');
    await expect.poll(() => api.exportNotebook(id)).not.toContain('channel');

    await page.getByRole('button', { name: 'Run modes' }).click();
    await page.getByRole('menuitem', { name: 'What will this run do?…' }).click();
    const dialog = page.getByRole('dialog', { name: 'What this run will do' });
    const tables = dialog.getByRole('list', { name: 'Tables' });
    await expect(tables.getByRole('listitem')).toHaveCount(1);
    await expect(tables).toContainText('silver.till_sales');
    await expect(tables).toContainText('its text changed; removes channel');
    await expect(tables).toContainText('breaking');
    const readers = dialog.getByRole('list', { name: 'Who reads what is made anew' });
    await expect(readers.getByRole('listitem').first()).toContainText('loses silver.till_sales.channel');
    await expect(readers.getByRole('link', { name: 'Till report' })).toHaveAttribute('href', `/notebooks/${report}`);

    await dialog.getByRole('button', { name: 'Run 1 cell' }).click();
    await expect(dialog).toBeHidden();
    await expect
      .poll(async () => (await api.get<{ state: string }[]>(`/notebooks/${id}/runs`)).map(({ state }) => state))
      .toEqual(['succeeded', 'succeeded']);
  });

  test("a table's page shows of what its columns are made and what is made of them, by keyboard too", async ({
    page,
    api,
  }) => {
    await api.run(
      await api.importNotebook(
        'Web sales',
        made("range as id, range * 2.5 as amount, 'web' as channel").replaceAll('till_', 'web_'),
      ),
    );
    await api.run(await api.importNotebook('Web report', reader.replaceAll('till_', 'web_')));
    await page.goto('/tables/gold/web_report');
    await page.getByRole('tab', { name: 'Lineage' }).click();
    const column = page.getByRole('button', { name: /^total/ });
    await column.focus();
    await page.keyboard.press('Enter');
    const chosen = page.getByRole('region', { name: 'Lineage of gold.web_report.total' });
    await expect(chosen).toContainText('silver.web_sales.amount');
    await expect(chosen).toContainText('Nothing is made of it.');
    await page.getByRole('button', { name: /^amount/ }).click();
    await expect(page.getByRole('region', { name: 'Lineage of silver.web_sales.amount' })).toContainText(
      'gold.web_report.total',
    );
  });
});
