import { expect, test } from './fixtures.ts';
import { NotebookPage } from './pages/notebook.ts';

test.slow(); // two browsers

const text = `
\`\`\`sql past
select 1 as a
\`\`\`

\`\`\`sql other
select 2 as b
\`\`\`
`;

test('what a notebook was is named, compared side by side, told by author, and brought back by one for both', async ({
  page,
  api,
  join,
}) => {
  const id = await api.importNotebook('Past', text);
  const guest = await join('Elias Mota', 'editor');
  const ana = new NotebookPage(page);
  const elias = new NotebookPage(guest.page);
  await ana.open(id);
  await elias.open(id);

  await page.getByRole('banner').getByRole('radio', { name: 'History' }).click();
  await page.getByRole('button', { name: 'Name this version' }).click();
  const naming = page.getByRole('dialog', { name: 'Name this version' });
  await naming.getByRole('textbox', { name: 'Name', exact: true }).fill('Before Elias');
  await naming.getByRole('button', { name: 'Keep it' }).click();
  await expect(page.getByText('Nothing differs.')).toBeVisible();
  await expect(page.getByRole('slider', { name: 'Version' })).toHaveAttribute('aria-valuetext', /Before Elias/);

  await elias.edit('past');
  await guest.page.keyboard.insertText(', 3 as by_elias');
  await elias.edit('other');
  await guest.page.keyboard.insertText(', 4 as kept');
  const diff = page.getByRole('region', { name: 'Changes of past' });
  const rows = diff.getByRole('table', { name: 'Text of past, before and after' }).getByRole('row');
  await expect(rows.last()).toContainText(/select 1 as a.*select 1 as a, 3 as by_elias/s);

  await expect(diff.getByRole('img', { name: 'Elias Mota' })).toBeVisible();

  // One cell alone comes back, on both screens, as a version of its own.
  await diff.getByRole('button', { name: 'Restore this cell' }).click();
  await expect(elias.editor('past')).not.toContainText('by_elias');
  await expect(elias.editor('other')).toContainText('4 as kept');
  await expect(page.getByRole('region', { name: 'Changes of past' })).toHaveCount(0);
  await page.getByRole('button', { name: 'Restore all' }).click();
  await expect(elias.editor('other')).not.toContainText('4 as kept');
  await expect(page.getByText('Nothing differs.')).toBeVisible();

  // Who wrote what, line by line.
  await elias.edit('past');
  await guest.page.keyboard.insertText('\n-- again by Elias');
  await expect(elias.saved).toContainText(/^\s*Saved/);
  await page.getByRole('banner').getByRole('radio', { name: 'Notebook' }).click();
  await expect(ana.editor('past')).toContainText('again by Elias');
  await ana.choose('past', 'Who wrote what');
  const who = page.getByRole('dialog', { name: 'Who wrote past' });
  await expect(who.getByRole('listitem').last()).toContainText('-- again by Elias');
  await expect(who.getByRole('listitem').last().getByRole('img', { name: 'Elias Mota' })).toBeVisible();
});
