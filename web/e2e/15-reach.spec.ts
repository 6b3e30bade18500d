import { createServer, type Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Api } from './api.ts';
import { expect, test } from './fixtures.ts';
import { NotebookPage } from './pages/notebook.ts';
import { owner } from './people.ts';
import { type Server, startServer } from './server.ts';

/** A server that may fetch from one host of this machine, and that host. */
test.describe('sources behind a URL', () => {
  let host: HttpServer;
  let server: Server;
  let origin = '';
  test.beforeAll(async () => {
    host = createServer((request, response) => {
      const found = request.url === '/shop/prices.csv';
      response.writeHead(found ? 200 : 404, { 'content-type': 'text/csv' });
      response.end(found ? 'sku;price\nA-1;10,50\nB-2;20,25\n' : 'no such file');
    });
    await new Promise<void>((done) => host.listen(0, '127.0.0.1', done));
    const { port } = host.address() as AddressInfo;
    origin = `http://127.0.0.1:${port}`;
    server = await startServer({ env: { DATACRAFT_ALLOWED_HOSTS: `127.0.0.1:${port}` } });
  });
  test.afterAll(async () => {
    await server.remove();
    host.close();
  });
  test.use({ storageState: { cookies: [], origins: [] } });

  test('a CSV is read from its address, and one that is not there says so', async ({ browser }) => {
    const context = await browser.newContext({ baseURL: server.url, locale: 'en-US' });
    const api = new Api(context.request);
    await api.post('/auth/signup', owner);
    const id = await api.createNotebook('Far away');
    const page = await context.newPage();
    const notebook = new NotebookPage(page);
    await notebook.open(id);
    await page
      .getByRole('main')
      .getByRole('button', { name: /^Source/ })
      .click();
    const cell = notebook.cell('source');
    const address = cell.getByRole('textbox', { name: 'File, folder or URL' });
    await address.fill(`${origin}/shop/gone.csv`);
    await address.press('Tab');
    await expect(cell.getByRole('alert').first()).toContainText('404');

    await address.fill(`${origin}/shop/prices.csv`);
    await address.press('Tab');
    await expect(cell.getByText('A-1', { exact: true })).toBeVisible();
    await expect(cell.getByRole('alert')).toHaveCount(0);
    await notebook.run.click();
    await notebook.expectRun(/^succeeded/);
    expect(await api.query('select count(*)::int as n, sum(price)::double as s from bronze.source')).toEqual([
      { n: 2, s: 30.75 },
    ]);
    await context.close();
  });
});
