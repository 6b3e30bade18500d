import { expect, test } from './fixtures.ts';

const source = `
\`\`\`source e2e_past
type: webhook
columns: { id: integer, note: varchar }
\`\`\`

\`\`\`sql e2e_past_counted
---
layer: gold
---
select count(*)::int as events from e2e_past
\`\`\`
`;

test('the last hour of a stream is stepped through commit by commit, by the keyboard too, and back to live', async ({
  page,
  api,
}) => {
  const id = await api.importNotebook('The past of a stream', source);
  const { id: stream } = await api.post<{ id: string }>(`/notebooks/${id}/streams`, {
    cell: 'e2e_past',
    commitMs: 250,
  });
  for (const [at, note] of ['first', 'second', 'third'].entries()) {
    await api.post('/streams/e2e_past/events', [{ id: at, note }]);
    await expect
      .poll(() => api.query('select count(*)::int as n from bronze.e2e_past').catch(() => null), { timeout: 60_000 })
      .toEqual([{ n: at + 1 }]);
  }
  await page.goto(`/streams/${stream}`);
  const past = page.getByRole('group', { name: 'The last hour' });
  await expect(page.getByText('commit 3 of 3')).toBeVisible({ timeout: 30_000 });
  await expect(past.getByRole('button', { name: 'Back to live' })).toBeDisabled();
  await expect(page.getByRole('gridcell', { name: 'third' })).toBeVisible();

  await past.getByRole('button', { name: 'One commit back' }).click();
  await expect(page.getByText('commit 2 of 3')).toBeVisible();
  await expect(page.getByRole('gridcell', { name: 'second' })).toBeVisible();
  await expect(page.getByRole('gridcell', { name: 'third' })).toBeHidden();

  await past.getByRole('slider', { name: 'Commit' }).press('Home');
  await expect(page.getByText('commit 1 of 3')).toBeVisible();
  await expect(page.getByRole('gridcell', { name: 'first' })).toBeVisible();
  await expect(page.getByRole('gridcell', { name: 'second' })).toBeHidden();

  await api.post('/streams/e2e_past/events', [{ id: 3, note: 'fourth' }]);
  await past.getByRole('button', { name: 'Back to live' }).click();
  await expect(page.getByText('commit 4 of 4')).toBeVisible({ timeout: 30_000 });
  await expect(page.getByRole('gridcell', { name: 'fourth' })).toBeVisible();

  await past.getByRole('combobox', { name: 'Table' }).selectOption('gold.e2e_past_counted');
  await expect(page.getByRole('columnheader', { name: /events/ })).toBeVisible({ timeout: 30_000 });
  await api.post(`/streams/${stream}/pause`);
});
