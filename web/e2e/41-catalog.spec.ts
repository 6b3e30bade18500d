import { expect, test } from './fixtures.ts';

const cells = `
\`\`\`sql people
---
expect:
  - not_null: [id]
description: One row per person
---
select * from (values (1, '529.982.247-25'), (2, '111.444.777-35'), (3, '52998224725')) t(id, document)
\`\`\`

\`\`\`sql people_count
---
layer: gold
---
select count(*) as n from people
\`\`\`
`;

test('a table is found by its columns, described, its personal data tagged with one click, its tests and usage seen', async ({
  page,
  api,
}) => {
  const id = await api.importNotebook('People', cells);
  await api.run(id);
  await page.goto('/tables');
  await page.getByRole('textbox', { name: /table/ }).fill('document');
  await page
    .getByRole('navigation', { name: 'Tables' })
    .getByRole('link', { name: /people/ })
    .click();
  await expect(page.getByText('One row per person')).toBeVisible();

  await page.getByRole('tab', { name: /Columns/ }).click();
  await expect(page.getByText('document looks like CPF: 3 of 3 sampled values.')).toBeVisible();
  await page.getByRole('button', { name: 'Tag as personal' }).click();
  await expect(page.getByRole('row', { name: /document/ })).toContainText('personal');
  expect(await api.exportNotebook(id)).toContain('pii');

  await page.getByRole('button', { name: 'Describe' }).click();
  await page.getByLabel('id: description').fill('Number of the person');
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
  await expect(page.getByRole('row', { name: /Number of the person/ })).toBeVisible();

  await page.getByRole('tab', { name: /Tests/ }).click();
  await expect(page.getByRole('row', { name: /id.*passed/ })).toBeVisible();
  await page.getByRole('tab', { name: 'Usage' }).click();
  await expect(
    page.getByRole('tabpanel').or(page.getByRole('main')).getByRole('link', { name: 'gold.people_count' }),
  ).toBeVisible();
});
