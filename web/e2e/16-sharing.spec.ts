import { expect, test } from './fixtures.ts';
import { NotebookPage } from './pages/notebook.ts';

test.slow(); // two browsers

const text = `
\`\`\`sql shared_cell
select 42 as answer
\`\`\`
`;

test('a notebook for invited people opens for whom it is shared with, in the role given, until it is taken back', async ({
  page,
  api,
  join,
}) => {
  const id = await api.importNotebook('Shared', text);
  const dora = await join('Dora Lima', 'editor');
  const ana = new NotebookPage(page);
  await ana.open(id);
  await page.getByRole('banner').getByRole('button', { name: 'Share' }).click();
  const dialog = page.getByRole('dialog', { name: 'Share this notebook' });
  await dialog.getByRole('combobox', { name: 'Who may come in' }).selectOption('invited');
  await expect(dialog.getByText('only you and owners')).toBeVisible();
  await dora.page.goto(`/notebooks/${id}`);
  await expect(dora.page.getByText('There is no such notebook')).toBeVisible();

  await dialog
    .getByRole('combobox', { name: 'Add a person or a group' })
    .selectOption({ label: `Dora Lima · ${dora.email}` });
  await dialog.getByRole('combobox', { name: 'Role', exact: true }).selectOption('viewer');
  await dialog.getByRole('button', { name: 'Invite' }).click();
  const role = dialog.getByRole('combobox', { name: 'Role of Dora Lima' });
  await expect(role).toHaveValue('viewer');
  const doras = new NotebookPage(dora.page);
  await doras.open(id);
  await expect(doras.saved).toContainText('You can read this notebook');
  await expect(doras.cell('shared_cell').getByRole('button', { name: 'Run' })).toHaveCount(0);

  // The open page follows the role.
  await role.selectOption('editor');
  await expect(doras.saved).not.toContainText('You can read this notebook');
  await doras.edit('shared_cell');
  await dora.page.keyboard.insertText(', 1 as by_dora');
  await expect(ana.editor('shared_cell')).toContainText('by_dora');
  await expect(doras.saved).toContainText(/^\s*Saved/);

  await dialog.getByRole('button', { name: 'Take back what was given to Dora Lima' }).click();
  await expect(dora.page.getByText('There is no such notebook').first()).toBeVisible();
});

test('a read-only link shows the notebook without an account and without anything to change it, until revoked', async ({
  page,
  api,
  stranger,
}) => {
  const id = await api.importNotebook('By link', text);
  const ana = new NotebookPage(page);
  await ana.open(id);
  await page.getByRole('banner').getByRole('button', { name: 'Share' }).click();
  const dialog = page.getByRole('dialog', { name: 'Share this notebook' });
  await dialog.getByRole('button', { name: 'Create a link' }).click();
  const address = await dialog.getByRole('textbox', { name: 'Address of the link' }).inputValue();
  expect(address).toMatch(/\/n\/nl_/);

  const guest = await stranger.newPage();
  await guest.goto(address);
  const seen = new NotebookPage(guest);
  await expect(seen.editor('shared_cell')).toContainText('select 42');
  await expect(seen.cell('shared_cell').getByText('42', { exact: true }).first()).toBeVisible();
  await expect(guest.getByText('Read-only', { exact: true })).toBeVisible();
  for (const name of [/^Run/, 'Publish', 'Share', 'Add a cell', 'Comment'])
    await expect(guest.getByRole('button', { name, exact: true })).toHaveCount(0);
  await expect(guest.getByRole('link', { name: 'Notebooks' })).toHaveCount(0);
  // What others type arrives.
  await dialog.getByRole('button', { name: 'Close' }).click();
  await ana.edit('shared_cell');
  await page.keyboard.insertText(', 7 as live');
  await expect(seen.editor('shared_cell')).toContainText('7 as live');
  await seen.editor('shared_cell').click();
  await guest.keyboard.insertText('vandal');
  await expect(seen.editor('shared_cell')).not.toContainText('vandal');

  await page.getByRole('banner').getByRole('button', { name: 'Share' }).click();
  await dialog.getByRole('button', { name: 'Revoke' }).click();
  await expect(guest.getByText('This link is over').first()).toBeVisible();
  await guest.goto(address);
  await expect(guest.getByText('This link is over')).toBeVisible();
  expect(await api.exportNotebook(id)).not.toContain('vandal');
});
