import { drop } from './drop.ts';
import { expect, test } from './fixtures.ts';
import { NotebookPage } from './pages/notebook.ts';

const rows = Array.from(
  { length: 200 },
  (_, at) => `${at + 1};São José ${at};${at},50;${String((at % 28) + 1).padStart(2, '0')}/02/2025`,
);
const messy = [
  'pedido;cidade;valor;data',
  ...rows.slice(0, 150),
  '151;Avaré;doze;01/02/2025',
  ...rows.slice(151, 180),
  '181;Avaré',
  ...rows.slice(181),
].join('\r\n');

test.describe('sources', () => {
  test('a dropped CSV is recognised: separator, decimal comma, Latin-1, dates, and its bad rows', async ({
    page,
    api,
  }) => {
    const id = await api.createNotebook('Dropped');
    const notebook = new NotebookPage(page);
    await notebook.open(id);
    await drop(page, 'Pedidos de São José.csv', Buffer.from(messy, 'latin1'));
    const cell = notebook.cell('pedidos_de_sao_jose');
    await expect(cell).toBeVisible();
    await expect(cell.getByText('São José 0', { exact: true })).toBeVisible();
    for (const option of [';', ',', /latin-1|windows-1252/])
      await expect(cell.getByText(option, { exact: true }).first()).toBeVisible();

    await cell.getByRole('button', { name: 'Options' }).click();
    await cell.getByRole('combobox', { name: 'Bad rows' }).selectOption({ label: 'set aside' });
    await expect.poll(async () => api.exportNotebook(id)).toContain('rejects: table');
    await notebook.run.click();
    await notebook.expectRun(/^succeeded/);
    await expect(cell).toContainText('2 of 200 rows were set aside.');
    expect(
      await api.query(
        'select count(*)::int as n, sum(valor)::double as total, typeof(min(data)) as t from bronze.pedidos_de_sao_jose',
      ),
    ).toEqual([
      { n: 198, total: rows.reduce((sum, _, at) => sum + (at === 150 || at === 180 ? 0 : at + 0.5), 0), t: 'DATE' },
    ]);

    await cell.getByRole('link', { name: 'Open the 2 rows' }).click();
    const main = page.getByRole('main');
    await expect(main.getByText('doze').first()).toBeVisible();
    await expect(main.getByText('152', { exact: true }).first()).toBeVisible();
  });

  for (const [order, mark, swapped] of [
    ['little-endian', 'fffe', false],
    ['big-endian', 'feff', true],
  ] as const) {
    test(`a dropped CSV in UTF-16 is recognised: ${order}`, async ({ page, api }) => {
      const name = `utf16_${order.replace('-', '_')}`;
      const id = await api.createNotebook(name);
      const notebook = new NotebookPage(page);
      await notebook.open(id);
      const body = Buffer.from('cidade,total\r\nSão José,10\r\nAvaré,32\r\n', 'utf16le');
      await drop(page, `${name}.csv`, Buffer.concat([Buffer.from(mark, 'hex'), swapped ? body.swap16() : body]));
      const cell = notebook.cell(name);
      await expect(cell.getByText('São José', { exact: true })).toBeVisible();
      await expect(cell.getByText(/^utf-16/).first()).toBeVisible();
      await notebook.run.click();
      await notebook.expectRun(/^succeeded/);
      expect(
        await api.query(`select string_agg(cidade order by total) as c, sum(total)::int as s from bronze.${name}`),
      ).toEqual([{ c: 'São José,Avaré', s: 42 }]);
    });
  }

  test('JSON and Parquet are read as they are', async ({ page, api }) => {
    const id = await api.createNotebook('Formats');
    const notebook = new NotebookPage(page);
    await notebook.open(id);
    await drop(page, 'events.json', Buffer.from('[{"id": 1, "tags": ["a", "b"]}, {"id": 2, "tags": []}]'));
    const json = notebook.cell('events');
    await expect(json.getByText('id', { exact: true }).first()).toBeVisible();

    const made = await api.importNotebook(
      'Makes parquet',
      '```sql parquet_seed\nselect range as n, range * 0.5 as half from range(50)\n```',
    );
    await api.run(made);
    const { cells } = await cellsOf(api, made);
    const parquet = await api.request.get(
      `/api/v1/notebooks/${made}/cells/${cells['parquet_seed'] ?? ''}/download?format=parquet`,
    );
    expect(parquet.ok(), await parquet.text().catch(() => '')).toBe(true);
    await drop(page, 'halves.parquet', await parquet.body());
    await expect(notebook.cell('halves')).toBeVisible();
    await notebook.run.click();
    // What was dropped first may have been run by itself: the run that is waited for made this one.
    await expect(page.getByRole('region', { name: 'source halves, Fresh' })).toBeVisible({ timeout: 45_000 });
    expect(await api.query('select count(*)::int as n, sum(half)::double as s from bronze.halves')).toEqual([
      { n: 50, s: 612.5 },
    ]);
    expect(await api.query('select sum(len(tags))::int as n from bronze.events')).toEqual([{ n: 2 }]);
  });

  test('a simulator gives the same rows for the same seed', async ({ page, api }) => {
    const id = await api.createNotebook('Simulated');
    const notebook = new NotebookPage(page);
    await notebook.open(id);
    await page
      .getByRole('main')
      .getByRole('button', { name: /^Source/ })
      .click();
    const cell = notebook.cell('source');
    await cell.getByRole('combobox', { name: 'Type' }).selectOption({ label: 'Simulator' });
    const number = (name: string) =>
      cell.getByRole('textbox', { name, exact: true }).or(cell.getByRole('spinbutton', { name, exact: true }));
    await cell.getByRole('combobox', { name: 'Template' }).selectOption('ecommerce_orders');
    await number('Rows').fill('300');
    await number('Rows').press('Tab');
    await number('Seed').fill('7');
    await number('Seed').press('Tab');
    await expect.poll(async () => api.exportNotebook(id)).toMatch(/rows: 300[\s\S]*seed: 7|seed: 7[\s\S]*rows: 300/);
    await notebook.choose('source', 'Rename');
    await page.getByRole('textbox', { name: 'Rename' }).fill('sim_seven');
    await page.keyboard.press('Enter');
    await notebook.run.click();
    await notebook.expectRun(/^succeeded/);
    const again = await api.importNotebook(
      'Simulated again',
      '```source sim_again\ntype: simulator\ntemplate: ecommerce_orders\nrows: 300\nseed: 7\n```',
    );
    await api.run(again);
    const sum = 'select count(*)::int as n, sum(hash(t))::varchar as h from';
    expect(await api.query(`${sum} bronze.sim_seven t`)).toEqual(await api.query(`${sum} bronze.sim_again t`));
  });

  const broken: [string, string | Buffer, RegExp][] = [
    ['empty.csv', '', /the file is empty \(0 bytes\); choose one with content/i],
    ['broken.json', '[{"a": 1}, {"a": ', /broken\.json is not valid JSON: .* line 1, column 18; mend the file there/],
    [
      'broken.parquet',
      Buffer.concat([Buffer.from('PAR1'), Buffer.alloc(400, 7)]),
      /broken\.parquet begins as Parquet but has no valid footer: .*; get it again/,
    ],
    [
      'picture.csv',
      Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), Buffer.alloc(500)]),
      /picture\.csv is read as csv but is an image; point path: at another file/,
    ],
    ['really.parquet', 'a,b\n1,2\n', /really\.parquet is read as parquet but is plain text; use type: csv/],
  ];
  for (const [name, body, message] of broken) {
    test(`a file that cannot be read says why, in its place: ${name}`, async ({ page, api }) => {
      const id = await api.createNotebook(`Broken ${name}`);
      const notebook = new NotebookPage(page);
      await notebook.open(id);
      await drop(page, name, Buffer.from(body));
      await expect(page.getByRole('main').getByRole('alert').filter({ hasText: message }).first()).toBeVisible();
      await expect(page.getByRole('main')).not.toContainText(/\/tmp\/|stack|undefined/);
    });
  }

  test('columns with the same name are kept apart, and said', async ({ page, api }) => {
    const id = await api.createNotebook('Twice');
    const notebook = new NotebookPage(page);
    await notebook.open(id);
    await drop(page, 'twice.csv', Buffer.from('id,valor,valor\n1,2,3\n4,5,6\n'));
    await expect(
      notebook
        .cell('twice')
        .getByRole('columnheader', { name: 'valor_1' })
        .or(notebook.cell('twice').getByText(/valor_[12]/))
        .first(),
    ).toBeVisible();
  });
});

async function cellsOf(api: import('./api.ts').Api, id: string): Promise<{ cells: Record<string, string> }> {
  const draft = await api.post<{ cells: { cellId: string; name: string }[] }>(`/notebooks/${id}/dashboard/preview`, {
    layout: { tiles: [] },
  });
  return { cells: Object.fromEntries(draft.cells.map((cell) => [cell.name, cell.cellId])) };
}
