import { expect, test } from './fixtures.ts';
import { NotebookPage } from './pages/notebook.ts';

test.slow(); // two browsers

const text = `
\`\`\`sql prices
---
unique_key: id
---
select * from (values (1, 10), (2, 20)) t(id, price)
\`\`\`
`;

test('somebody who may comment suggests a change in a branch, and an editor takes it in after looking at text and rows', async ({
  page,
  api,
  join,
}) => {
  const id = await api.importNotebook('Prices', text);
  await api.run(id);
  const guest = await join('Elias Mota', 'commenter');
  const elias = new NotebookPage(guest.page);
  await elias.open(id);

  await guest.page.getByRole('banner').getByRole('button', { name: 'Branches' }).click();
  const dialog = guest.page.getByRole('dialog', { name: 'Branches' });
  await dialog.getByRole('textbox', { name: 'Name of the branch' }).fill('Dearer');
  await dialog.getByRole('button', { name: 'Suggest a change' }).click();
  const strip = guest.page.getByRole('region', { name: 'About this branch' });
  await expect(strip).toContainText('Dearer, a branch of');
  await expect(strip).toContainText('runs against its own tables');
  const branchId = new URL(guest.page.url()).pathname.split('/').at(-1) ?? '';

  await elias.edit('prices');
  await guest.page.keyboard.insertText('\nunion all select 3, 30');
  await expect(elias.saved).toContainText(/^\s*Saved/);
  await api.run(branchId);
  await strip.getByRole('button', { name: 'Ask for a review' }).click();
  const asking = guest.page.getByRole('dialog', { name: 'Ask for a review' });
  await asking.getByRole('textbox', { name: 'What it changes, and why' }).fill('A third price');
  await asking.getByRole('button', { name: 'Ask for a review' }).click();
  await expect(strip).toContainText('waits for a review');

  // Main is as it was: its rows and its text.
  expect(
    (await api.post<{ rows: unknown[] }>('/query', { sql: 'select count(*) as n from silver.prices' })).rows,
  ).toEqual([{ n: '2' }]);

  const ana = new NotebookPage(page);
  await ana.open(id);
  await page.getByRole('banner').getByRole('button', { name: 'Branches' }).click();
  await expect(page.getByRole('dialog', { name: 'Branches' }).getByRole('link', { name: 'Dearer' })).toBeVisible();
  await page.keyboard.press('Escape');
  // The notification goes to the review.
  await page
    .getByRole('banner')
    .getByRole('button', { name: /^Notifications/ })
    .click();
  await page
    .getByRole('link', { name: /Elias Mota asks for a review of a branch of Prices/ })
    .and(page.locator(`[href*="${branchId}"]`))
    .click();
  await expect(page.getByText('A third price')).toBeVisible();
  await expect(page.getByRole('region', { name: 'Changes of prices' })).toContainText('union all select 3, 30');
  const rows = page.getByRole('region', { name: 'Rows of prices' });
  await expect(rows.getByRole('status')).toContainText('+1 added, 0 changed, 0 removed');
  await expect(rows.getByRole('row', { name: /added 3 30/ })).toBeVisible();
  await page.getByRole('button', { name: 'Accept prices' }).click();
  await expect(page.getByText('Nothing differs')).toBeVisible();
  await expect(page.getByRole('region', { name: 'About this branch' })).toContainText('merged');
  await guest.page.reload();
  await guest.page
    .getByRole('banner')
    .getByRole('button', { name: /^Notifications/ })
    .click();
  await expect(guest.page.getByRole('link', { name: /Ana Souza took your branch of Prices in/ })).toBeVisible();

  await page.getByRole('region', { name: 'About this branch' }).getByRole('link', { name: 'Prices' }).click();
  await expect(ana.editor('prices')).toContainText('union all select 3, 30');
  await page.getByRole('banner').getByRole('radio', { name: 'History' }).click();
  await expect(page.getByRole('slider', { name: 'Version' })).toHaveAttribute('aria-valuetext', /With “Dearer”/);
});
