import { expect, test } from './fixtures.ts';
import { NotebookPage } from './pages/notebook.ts';

const cells = `
\`\`\`sql e2e_mailed
---
layer: gold
---
select 1 as id
\`\`\`
`;

test('a table is mailed by a connection that is made in Sources, to people who are named in its form', async ({
  page,
  api,
}) => {
  await page.goto('/sources');
  await page.getByRole('button', { name: 'New connection' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name').fill('e2e_post');
  await dialog.getByLabel('Type').selectOption({ label: 'Mail server' });
  await dialog.getByLabel('Host').fill('smtp.example.com');
  await dialog.getByLabel('Sent from').fill('reports@example.com');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('e2e_post', { exact: true })).toBeVisible();
  const id = await api.importNotebook('Mailed', cells);
  const notebook = new NotebookPage(page);
  await notebook.open(id);
  const cell = notebook.cell('e2e_mailed');
  await cell.getByRole('button', { name: 'More' }).click();
  await page.getByRole('menuitem', { name: 'Settings' }).click();
  await cell.getByRole('button', { name: 'Add a target' }).click();
  const target = () => cell.getByRole('group', { name: /^Target: / });
  await target().getByLabel('To', { exact: true }).first().selectOption({ label: 'E-mail' });
  await target().getByLabel('Connection').selectOption('e2e_post');
  await target().getByLabel('Readers').fill('ana@example.com, rui@example.com');
  await target().getByLabel('Readers').press('Tab');
  await expect.poll(() => api.exportNotebook(id)).toContain('connection: e2e_post');
  await target().getByLabel('Language').selectOption({ label: 'Portuguese' });
  await expect.poll(() => api.exportNotebook(id)).toContain('language: pt');
  expect(await api.exportNotebook(id)).toContain('rui@example.com');
});
