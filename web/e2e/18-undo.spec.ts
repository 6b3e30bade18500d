import { expect, test } from './fixtures.ts';
import { NotebookPage } from './pages/notebook.ts';

test.slow(); // two browsers

const text = `
\`\`\`sql mine
select 1 as a
\`\`\`
`;

test('an undo takes back my own steps in order and never what another one wrote', async ({ page, api, join }) => {
  const id = await api.importNotebook('Undo', text);
  const guest = await join('Felipe Reis', 'editor');
  const ana = new NotebookPage(page);
  const felipe = new NotebookPage(guest.page);
  await ana.open(id);
  await felipe.open(id);

  await ana.add('SQL');
  await page.keyboard.press('Escape');
  await expect(felipe.cell('query')).toBeVisible();
  await felipe.edit('query');
  await guest.page.keyboard.insertText('select 5 as by_felipe');
  await expect(ana.editor('query')).toContainText('by_felipe');
  await ana.edit('mine');
  await page.keyboard.insertText(', 2 as by_ana');
  await felipe.edit('mine');
  await guest.page.keyboard.insertText(', 3 as felipe_too');
  await expect(ana.editor('mine')).toContainText('felipe_too');
  await page.keyboard.press('Control+z');
  await expect(felipe.editor('mine')).not.toContainText('by_ana');
  await expect(felipe.editor('mine')).toContainText('select 1 as a, 3 as felipe_too');

  // The step before was a cell that Felipe wrote in: it goes to the bin with his text, not away.
  await page.keyboard.press('Control+z');
  await expect(felipe.cell('query')).toHaveCount(0);
  await expect(page.getByText('query is in the bin')).toBeVisible();
  await guest.page.getByRole('button', { name: /^Bin/ }).click();
  const bin = guest.page.getByRole('dialog', { name: 'Bin' });
  await expect(bin).toContainText('select 5 as by_felipe');
  await expect(bin).toContainText('by Ana Souza');
  await expect(bin).toContainText('30 days');
  await guest.page.keyboard.press('Escape');

  await page.keyboard.press('Control+y');
  await expect(felipe.editor('query')).toContainText('select 5 as by_felipe');
  await page.keyboard.press('Control+Shift+z');
  await expect(felipe.editor('mine')).toContainText('by_ana');
  await expect(felipe.editor('mine')).toContainText('felipe_too');
});
