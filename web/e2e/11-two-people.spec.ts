import { Api } from './api.ts';
import { expect, test } from './fixtures.ts';
import { cutableLine } from './line.ts';
import { NotebookPage } from './pages/notebook.ts';
import { owner } from './people.ts';
import { startServer } from './server.ts';

const one = (name: string) => `
\`\`\`sql ${name}
select 1 as a
\`\`\`
`;

test.describe('two people in one notebook', () => {
  test('see each other, their carets and their edits, and end with one text', async ({ page, api, join }) => {
    const id = await api.importNotebook('Together', one('together'));
    const ana = new NotebookPage(page);
    await ana.open(id);
    const guest = await join('Bruno Reis', 'editor');
    const bruno = new NotebookPage(guest.page);
    await bruno.open(id);
    await expect(page.getByRole('banner').getByRole('img', { name: 'Bruno Reis' })).toBeVisible();

    await bruno.edit('together');
    await expect(ana.editor('together')).toContainText('Bruno Reis');

    await ana.edit('together');
    await page.keyboard.press('Control+Home');
    await Promise.all([
      page.keyboard.type('-- by Ana\n', { delay: 15 }),
      guest.page.keyboard.type(', 2 as b, 3 as c', { delay: 15 }),
    ]);
    await expect(ana.editor('together')).toContainText('2 as b, 3 as c');
    await expect(bruno.editor('together')).toContainText('-- by Ana');
    await expect(ana.saved).toContainText(/^\s*Saved/);
    await expect(bruno.saved).toContainText(/^\s*Saved/);
    const text = await api.exportNotebook(id);
    expect(text).toContain('-- by Ana\nselect 1 as a, 2 as b, 3 as c\n');
  });

  test('edits made offline merge when the line is back', async ({ page, api, join }) => {
    const id = await api.importNotebook('Offline', one('offline_cell'));
    const guest = await join('Olga Prado', 'editor');
    const line = await cutableLine(guest.context);
    const ana = new NotebookPage(page);
    const olga = new NotebookPage(guest.page);
    await ana.open(id);
    await olga.open(id);

    line.cut();
    await expect(olga.saved).toContainText('Offline');
    await olga.edit('offline_cell');
    await guest.page.keyboard.insertText(', 2 as offline');
    await expect(olga.saved).toContainText(/Offline, \d+ edits? kept here/);
    await ana.edit('offline_cell');
    await page.keyboard.press('Control+Home');
    await page.keyboard.insertText('-- online meanwhile\n');
    await expect(ana.saved).toContainText(/^\s*Saved/);

    line.mend();
    await expect(olga.saved).toContainText(/^\s*Saved/, { timeout: 30_000 });
    await expect(ana.editor('offline_cell')).toContainText('2 as offline');
    await expect(olga.editor('offline_cell')).toContainText('-- online meanwhile');
    expect(await api.exportNotebook(id)).toContain('-- online meanwhile\nselect 1 as a, 2 as offline\n');
  });

  test('"Saved" is said only when the server has it', async ({ page, api, context }) => {
    const id = await api.importNotebook('Acked', one('acked'));
    const line = await cutableLine(context);
    const ana = new NotebookPage(page);
    await ana.open(id);
    await expect(ana.saved).toContainText(/^\s*Saved/);
    line.holdAnswers();
    await ana.edit('acked');
    await page.keyboard.insertText(', 2 as b');
    await expect(ana.saved).toContainText('Saving…');
    await expect.poll(async () => api.exportNotebook(id)).toContain('2 as b');
    await expect(ana.saved).toContainText('Saving…');
    line.mend();
    await expect(ana.saved).toContainText(/^\s*Saved/);
  });
});

test('a killed server comes back with every edit, and takes those made without it', async ({ browser }) => {
  test.setTimeout(120_000);
  let server = await startServer();
  const context = await browser.newContext({
    baseURL: server.url,
    locale: 'en-US',
    storageState: { cookies: [], origins: [] },
  });
  try {
    const api = new Api(context.request);
    await api.post('/auth/signup', owner);
    const id = await api.importNotebook('Killed', one('killed'));
    const notebook = new NotebookPage(await context.newPage());
    await notebook.open(id);
    await notebook.edit('killed');
    await notebook.page.keyboard.type(', 2 as typed_before', { delay: 10 });
    await expect(notebook.saved).toContainText(/^\s*Saved/);
    await server.end('SIGKILL');
    await expect(notebook.saved).toContainText('Offline');
    await notebook.page.keyboard.type(', 3 as typed_without', { delay: 10 });
    await expect(notebook.saved).toContainText(/edits? kept here/);
    server = await startServer({ dataDir: server.dataDir, port: Number(new URL(server.url).port) });
    await expect(notebook.saved).toContainText(/^\s*Saved/, { timeout: 30_000 });
    expect(await api.exportNotebook(id)).toContain('select 1 as a, 2 as typed_before, 3 as typed_without\n');
  } finally {
    await context.close();
    await server.remove();
  }
});
