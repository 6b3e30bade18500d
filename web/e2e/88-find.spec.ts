import { expect, test } from './fixtures.ts';
import { NotebookPage } from './pages/notebook.ts';

const CELLS = 80;
const text = [
  '# Vendas\n\nA *marked* word about marmelada.',
  ...Array.from({ length: CELLS }, (_, n) => `\`\`\`sql find_${n}\nselect ${n} as n -- Ação do dia ${n}\n\`\`\``),
  '```input limit_88\ntype: number\nlabel: Marmelada at most\ndefault: 10\n```',
].join('\n\n');

test('the search of a notebook finds in cells that nobody scrolled to, and replaces as one step', async ({
  page,
  api,
}) => {
  const id = await api.importNotebook('Find', text);
  const ana = new NotebookPage(page);
  await ana.open(id);
  await page.keyboard.press('ControlOrMeta+f');
  const search = page.getByRole('search', { name: 'Find in the notebook' });
  await expect(search.getByRole('textbox', { name: 'Find in all cells' })).toBeFocused();

  await page.keyboard.type('acao do dia 7');
  await expect(search.getByRole('status')).toHaveText('1 of 11 in find_7');
  await page.keyboard.press('Shift+Enter');
  await expect(search.getByRole('status')).toHaveText('11 of 11 in find_79');
  await expect(ana.cell('find_79')).toBeInViewport();
  await page.keyboard.press('Enter');
  await expect(search.getByRole('status')).toHaveText('1 of 11 in find_7');
  await expect(ana.cell('find_7')).toBeInViewport();

  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.type('marmelada');
  await expect(search.getByRole('status')).toHaveText(/1 of 2 in Vendas/);
  await page.keyboard.press('Enter');
  await expect(search.getByRole('status')).toHaveText('2 of 2 in a setting of limit_88');
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.type('marked word');
  await expect(search.getByRole('status')).toHaveText(/1 of 1 in Vendas/);

  // All of it at once, and back at once.
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.type('do dia');
  await search.getByRole('button', { name: 'Replace', expanded: false }).click();
  await search.getByRole('textbox', { name: 'Replace with' }).fill('of the day');
  await search.getByRole('button', { name: 'Replace all' }).click();
  await expect(page.getByText(`${CELLS} places replaced in ${CELLS} cells`)).toBeVisible();
  await expect.poll(() => api.exportNotebook(id)).toContain('-- Ação of the day 79');
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect.poll(() => api.exportNotebook(id)).toContain('-- Ação do dia 79');
  expect(await api.exportNotebook(id)).not.toContain('of the day');
});

test('the search ends in the text that it found; asked for twice, it is the browser’s', async ({ page, api }) => {
  const id = await api.importNotebook('Find and write', text);
  const ana = new NotebookPage(page);
  await ana.open(id);
  await ana.edit('find_2');
  await page.keyboard.press('ControlOrMeta+f');
  const search = page.getByRole('search', { name: 'Find in the notebook' });
  await page.keyboard.type('do dia 64');
  await expect(search.getByRole('status')).toHaveText('1 of 1 in find_64');

  await page.evaluate(() =>
    addEventListener('keydown', (event) => {
      if (event.key === 'f') document.documentElement.dataset['taken'] = String(event.defaultPrevented);
    }),
  );
  await page.keyboard.press('ControlOrMeta+f');
  await expect(page.locator('html')).toHaveAttribute('data-taken', 'false');

  await page.keyboard.press('Escape');
  await expect(search).toHaveCount(0);
  await expect(ana.editor('find_64')).toBeFocused();
  await page.keyboard.type('of the end');
  await expect.poll(() => api.exportNotebook(id)).toContain('-- Ação of the end\n');
});

test('who only reads finds, in their language, and replaces nothing', async ({ api, join }) => {
  const id = await api.importNotebook('Find and read', text);
  const vera = await join('Vera Cruz', 'viewer');
  await vera.api.request.patch('/api/v1/me', { data: { locale: 'pt-BR' } });
  await vera.page.goto(`/notebooks/${id}`);
  await vera.page.getByRole('region', { name: /find_0/ }).waitFor();
  await vera.page.keyboard.press('ControlOrMeta+f');
  await vera.page.keyboard.type('do dia 79');
  const search = vera.page.getByRole('search', { name: 'Buscar no caderno' });
  await expect(search.getByRole('status')).toHaveText('1 de 1 em find_79');
  await expect(search.getByRole('button', { name: 'Substituir' })).toHaveCount(0);
});

test('what is marked is what is counted: heads of results are no text of the notebook', async ({ page, api }) => {
  const id = await api.importNotebook('Find what is marked', '```sql marked_88\nselect 1 as headed, 2 as b\n```');
  const ana = new NotebookPage(page);
  await ana.open(id);
  await expect(ana.grid('marked_88').getByRole('columnheader', { name: /headed/ })).toBeVisible();
  await page.keyboard.press('ControlOrMeta+f');
  await page.keyboard.type('headed');
  await expect(page.getByRole('search').getByRole('status')).toHaveText('1 of 1 in marked_88');
  const marked = () => page.evaluate(() => [...(CSS.highlights.get('found') ?? [])].length);
  await expect.poll(marked).toBe(1);
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.type('marked_88');
  await expect(page.getByRole('search').getByRole('status')).toHaveText('1 of 1 in the name of marked_88');
  await expect.poll(marked).toBe(1);
});
