import { expect, test } from './fixtures.ts';
import { NotebookPage } from './pages/notebook.ts';

test.slow();

const CELLS = 120;
const text = Array.from({ length: CELLS }, (_, n) => `\`\`\`sql far_${n}\nselect ${n} as n\n\`\`\``).join('\n\n');

test('a long notebook is whole for its outline, for who reads with the keyboard, and for who types with others', async ({
  page,
  api,
  join,
}) => {
  const id = await api.importNotebook('Long', text);
  const gil = await join('Gil Braga', 'editor');
  const [ana, gils] = [new NotebookPage(page), new NotebookPage(gil.page)];
  await ana.open(id);
  await gils.open(id);

  // Rows of the outline are made as they come into view; each is told which of all it is.
  const outline = page.getByRole('navigation').getByRole('list', { name: 'In this notebook' });
  await expect(outline.getByRole('listitem').first()).toHaveAttribute('aria-setsize', String(CELLS));
  await outline.getByRole('button', { name: 'far_0' }).focus();
  for (let row = 1; row < 80; row += 1) await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await expect(ana.cell('far_79')).toBeInViewport();
  for (let cell = 79; cell < CELLS - 1; cell += 1) await page.keyboard.press('j');
  await expect(outline.getByRole('button', { name: `far_${CELLS - 1}` })).toBeInViewport();

  // What two write in one cell at once is the same for both, letter by letter.
  await Promise.all([ana.edit('far_79'), gils.edit('far_79')]);
  for (const one of [page, gil.page]) await one.keyboard.press('ControlOrMeta+End');
  const type = async (who: typeof page, letters: string) => {
    await who.keyboard.insertText('\n-- ');
    for (const letter of letters) await who.keyboard.press(letter);
  };
  const [hers, his] = ['abcdefghijklmnopqrst', 'uvwxyzuvwxyzuvwxyzuv'];
  const whole = `select 79 as n\n-- ${hers}\n-- ${his}`;
  await Promise.all([type(page, hers), type(gil.page, his)]);
  await expect(ana.saved).toContainText(/^\s*Saved/);
  await expect(gils.saved).toContainText(/^\s*Saved/);
  await expect.poll(async () => [...(await ana.textOf('far_79'))].sort().join('')).toBe([...whole].sort().join(''));
  await expect.poll(() => gils.textOf('far_79')).toBe(await ana.textOf('far_79'));
});
