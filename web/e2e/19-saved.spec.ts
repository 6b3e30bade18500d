import { expect, test } from './fixtures.ts';
import { cutableLine } from './line.ts';
import { NotebookPage } from './pages/notebook.ts';

test.slow(); // it waits for the ten seconds after which waiting is said

const text = `
\`\`\`sql kept
select 1 as a
\`\`\`
`;

test('edits that wait for ten seconds are listed, survive the closed page, and merge when the line is back', async ({
  page,
  api,
  context,
}) => {
  const id = await api.importNotebook('Kept', text);
  const line = await cutableLine(context);
  const ana = new NotebookPage(page);
  await ana.open(id);
  await expect(ana.saved).toContainText(/^\s*Saved/);
  line.cut();
  await expect(ana.saved).toContainText('Offline');
  await ana.edit('kept');
  await page.keyboard.insertText(', 2 as offline');
  const list = page.getByRole('list', { name: 'Edits the server has not confirmed' });
  await expect(list).toContainText(/kept\s*1 edit/, { timeout: 30_000 });

  // The browser's page is closed; what it held is not.
  await page.close();
  const again = new NotebookPage(await context.newPage());
  await again.open(id);
  await expect(again.editor('kept')).toContainText('2 as offline');
  await expect(again.saved).toContainText(/Offline, 1 edit kept here/);
  await expect(again.page.getByRole('list', { name: 'Edits the server has not confirmed' })).toContainText(
    /kept\s*1 edit/,
    { timeout: 30_000 },
  );
  await api.request.patch(`/api/v1/notebooks/${id}`, { data: { title: 'Kept meanwhile' } });

  line.mend();
  await expect(again.saved).toContainText(/^\s*Saved/, { timeout: 30_000 });
  await expect(again.page.getByRole('list', { name: 'Edits the server has not confirmed' })).toHaveCount(0);
  const stored = await api.exportNotebook(id);
  expect(stored).toContain('select 1 as a, 2 as offline\n');
  expect(stored).toContain('title: Kept meanwhile');
});

test('two tabs of one person hold one text, each edit once, offline and on', async ({ page, api, context }) => {
  const id = await api.importNotebook('Tabs', text);
  const line = await cutableLine(context);
  const [one, two] = [new NotebookPage(page), new NotebookPage(await context.newPage())];
  await one.open(id);
  await two.open(id);
  await one.edit('kept');
  await one.page.keyboard.insertText(', 2 as from_one');
  await expect(two.editor('kept')).toContainText('from_one');
  await expect(page.getByRole('banner').getByRole('img', { name: 'Ana Souza' })).toHaveCount(1);
  line.cut();
  await expect(two.saved).toContainText('Offline');
  await two.edit('kept');
  await two.page.keyboard.insertText(', 3 as from_two');
  await expect(one.saved).toContainText('Offline');
  await one.page.bringToFront();
  await one.edit('kept');
  await one.page.keyboard.press('Control+Home');
  await one.page.keyboard.insertText('-- top\n');
  line.mend();
  await expect(one.saved).toContainText(/^\s*Saved/, { timeout: 30_000 });
  await expect(two.saved).toContainText(/^\s*Saved/, { timeout: 30_000 });
  await expect.poll(() => api.exportNotebook(id)).toContain('-- top\nselect 1 as a, 2 as from_one, 3 as from_two\n');
});
