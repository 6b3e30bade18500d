import { readFile } from 'node:fs/promises';
import { expect, test } from './fixtures.ts';
import { NotebookPage } from './pages/notebook.ts';

const data = (p: string) => `
\`\`\`sql ${p}_data
---
layer: gold
---
select * from (values
  (date '2025-01-01', 'App', 10), (date '2025-01-01', 'Site', 30),
  (date '2025-02-01', 'App', 25), (date '2025-02-01', 'Site', 35)
) t(day, channel, amount)
\`\`\`
`;
const chart = (name: string, yaml: string) => `\n\`\`\`chart ${name}\n${yaml}\n\`\`\`\n`;

test.describe('charts', () => {
  test('bar, line, metric, pivot and table say the numbers of the query', async ({ page, api }) => {
    const id = await api.importNotebook(
      'Drawn',
      data('dr') +
        chart('dr_bar', 'from: dr_data\ntype: bar\nx: channel\ny: { column: amount, aggregate: sum }') +
        chart('dr_line', 'from: dr_data\ntype: line\nx: day\ny: { column: amount, aggregate: sum }') +
        chart('dr_metric', 'from: dr_data\ntype: metric\nvalue: { column: amount, aggregate: sum }') +
        chart(
          'dr_pivot',
          'from: dr_data\ntype: pivot\nrows: [channel]\ncolumns: [day]\nvalues: [{ column: amount, aggregate: sum }]',
        ) +
        chart('dr_table', 'from: dr_data\ntype: table'),
    );
    await api.run(id);
    const notebook = new NotebookPage(page);
    await notebook.open(id);
    await notebook.cell('dr_bar').scrollIntoViewIfNeeded();
    await expect(
      notebook.cell('dr_bar').getByRole('img', { name: /Bar of .*by channel\. Highest 65 at Site/ }),
    ).toBeVisible();
    await notebook.cell('dr_line').scrollIntoViewIfNeeded();
    await expect(
      notebook.cell('dr_line').getByRole('img', { name: /From first to last it rises by 20/ }),
    ).toBeVisible();
    await notebook.cell('dr_metric').scrollIntoViewIfNeeded();
    await expect(notebook.cell('dr_metric')).toContainText('100');
    await notebook.cell('dr_pivot').scrollIntoViewIfNeeded();
    await expect(notebook.cell('dr_pivot').getByRole('row', { name: /^App/ })).toHaveText(/10\s*25/);
    await notebook.cell('dr_table').scrollIntoViewIfNeeded();
    await expect(notebook.cell('dr_table').getByRole('row')).toHaveCount(5);
  });

  test('the form changes the chart, and the text of the notebook with it', async ({ page, api }) => {
    const id = await api.importNotebook(
      'Formed',
      data('fo') + chart('fo_chart', 'from: fo_data\ntype: bar\nx: channel\ny: { column: amount, aggregate: sum }'),
    );
    await api.run(id);
    const notebook = new NotebookPage(page);
    await notebook.open(id);
    const cell = notebook.cell('fo_chart');
    await cell.scrollIntoViewIfNeeded();
    await cell.getByRole('button', { name: 'fo_chart' }).click();
    await page
      .getByRole('button', { name: /fo_chart$/ })
      .first()
      .click();
    const form = cell.getByRole('form', { name: 'Chart settings' });
    await form.getByRole('combobox', { name: 'Type' }).selectOption('line');
    await form.getByRole('combobox', { name: 'Across (x)' }).selectOption('day');
    await form.getByRole('combobox', { name: 'Aggregate' }).selectOption('avg');
    await expect(cell.getByRole('img', { name: /Line of .*by day.*/ })).toBeVisible();
    await expect.poll(async () => api.exportNotebook(id)).toMatch(/type: line[\s\S]*x: day[\s\S]*aggregate: avg/);
    await form.getByRole('combobox', { name: 'Colour' }).selectOption('channel');
    await expect(cell.getByRole('img', { name: /Series: App, Site/ })).toBeVisible();
  });

  test('a chart is also a table, and is taken away as PNG, SVG and CSV', async ({ page, api }) => {
    const id = await api.importNotebook(
      'Exported',
      data('ex') + chart('ex_chart', 'from: ex_data\ntype: bar\nx: channel\ny: { column: amount, aggregate: sum }'),
    );
    await api.run(id);
    const notebook = new NotebookPage(page);
    await notebook.open(id);
    const cell = notebook.cell('ex_chart');
    await cell.scrollIntoViewIfNeeded();
    await expect(cell.getByRole('img', { name: /Bar of/ })).toBeVisible();
    const contents: Record<string, Buffer> = {};
    for (const kind of ['PNG picture', 'SVG picture', 'CSV of the data']) {
      const item = cell.getByRole('menuitem', { name: kind });
      await cell.getByRole('figure').hover();
      await expect(async () => {
        if (!(await item.isVisible())) await cell.getByLabel('Download', { exact: true }).click();
        await expect(item).toBeVisible({ timeout: 1_000 });
      }).toPass();
      const download = page.waitForEvent('download');
      await item.click();
      const file = await download;
      contents[file.suggestedFilename()] = await readFile(await file.path());
    }
    expect(Object.keys(contents)).toEqual(['ex_chart.png', 'ex_chart.svg', 'ex_chart.csv']);
    expect(contents['ex_chart.png']?.subarray(1, 4).toString()).toBe('PNG');
    expect(contents['ex_chart.svg']?.toString()).toContain('<svg');
    expect(contents['ex_chart.csv']?.toString()).toMatch(/App,35[\s\S]*Site,65|Site,65[\s\S]*App,35/);

    await cell.getByRole('button', { name: 'Show as a table' }).click();
    await expect(cell.getByRole('row', { name: /Site 65/ })).toBeVisible();
  });
});
