import { expect, test } from './fixtures.ts';
import { NotebookPage } from './pages/notebook.ts';

const cells = (p: string) => `
\`\`\`sql ${p}_sales
select * from (values
  ('App', 10, date '2025-01-05', true), ('Site', 20, date '2025-02-05', false), ('Loja d''água', 40, date '2025-03-05', true)
) t(channel, amount, day, paid)
\`\`\`

\`\`\`input ${p}_min
type: number
label: Minimum
default: 0
\`\`\`

\`\`\`input ${p}_channel
type: select
label: Channel
options: { from: ${p}_sales, column: channel }
\`\`\`

\`\`\`input ${p}_many
type: multiselect
label: Many
options: [App, Site, "Loja d'água"]
default: [App, Site, "Loja d'água"]
\`\`\`

\`\`\`input ${p}_since
type: date
label: Since
default: "2025-01-01"
\`\`\`

\`\`\`input ${p}_paid
type: boolean
label: Only paid
default: false
\`\`\`

\`\`\`sql ${p}_kept
select count(*) as n, coalesce(sum(amount), 0) as total from ${p}_sales
where amount >= $${p}_min and ($${p}_channel is null or channel = $${p}_channel)
  and list_contains($${p}_many, channel) and day >= $${p}_since and (paid or not $${p}_paid)
\`\`\`
`;

test.describe('inputs', () => {
  test('every kind of input is bound as a value, and the result follows at once', async ({ page, api }) => {
    const id = await api.importNotebook('Bound', cells('bd'));
    expect((await api.run(id)).state).toBe('succeeded');
    const notebook = new NotebookPage(page);
    await notebook.open(id);
    const result = notebook.grid('bd_kept').getByRole('row').nth(1).getByRole('gridcell');
    const expectTotal = async (n: string, total: string) => {
      await notebook.cell('bd_kept').scrollIntoViewIfNeeded();
      await expect(result.first()).toHaveText(n);
      await expect(result.nth(1)).toHaveText(total);
    };
    await expectTotal('3', '70');
    const minimum = page.getByRole('textbox', { name: 'Minimum' });
    await minimum.fill('15');
    await expectTotal('2', '60');
    const channel = page.getByRole('combobox', { name: 'Channel' });
    await channel.selectOption("Loja d'água");
    await expectTotal('1', '40');
    await channel.selectOption({ index: 0 });
    await expectTotal('2', '60');
    await page.getByRole('button', { name: /^Many/ }).click();
    const shop = page.getByRole('group', { name: 'Many' }).getByRole('checkbox', { name: "Loja d'água" });
    await shop.uncheck();
    await expectTotal('1', '20');
    await shop.check();
    await page.keyboard.press('Escape');
    await expectTotal('2', '60');
    await page.getByRole('textbox', { name: 'Since' }).fill('2025-03-01');
    await expectTotal('1', '40');
    await page.getByRole('textbox', { name: 'Since' }).fill('2025-01-01');
    await expectTotal('2', '60');
    await page.getByRole('checkbox', { name: 'Only paid' }).check();
    await expectTotal('1', '40');
    await minimum.fill('0');
    await expectTotal('2', '50');
  });

  test('a run publishes with the defaults, whatever values its starter looks with', async ({ page, api }) => {
    const id = await api.importNotebook('Run with values', cells('rv'));
    const notebook = new NotebookPage(page);
    await notebook.open(id);
    await page.getByRole('textbox', { name: 'Minimum' }).fill('30');
    await notebook.run.click();
    await notebook.expectRun(/^succeeded/);
    expect(await api.query('select n::int as n, total::int as total from silver.rv_kept')).toEqual([
      { n: 3, total: 70 },
    ]);
    const text = await api.exportNotebook(id);
    expect(text).toContain('default: 0');
  });
});
