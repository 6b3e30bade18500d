import { expect, test } from './fixtures.ts';

const visits = `
\`\`\`source e2e_taken
type: webhook
columns: { id: integer, total: integer }
\`\`\`

\`\`\`sql e2e_taken_sum
select sum(total)::int as total from e2e_taken
\`\`\`

\`\`\`source e2e_batch
type: simulator
template: sensor_readings
rows: 20
\`\`\`
`;

test('a window of a stream becomes a source cell whose rows stay, with a copy of a cell that is edited against it', async ({
  page,
  api,
}) => {
  test.slow();
  const id = await api.importNotebook('Windows that are kept', visits);
  const { id: stream } = await api.post<{ id: string }>(`/notebooks/${id}/streams`, {
    cell: 'e2e_taken',
    commitMs: 250,
  });
  for (const [at, total] of [3, 40, 500].entries()) {
    await api.post('/streams/e2e_taken/events', [{ id: at, total }]);
    await expect
      .poll(() => api.query('select count(*)::int as n from bronze.e2e_taken').catch(() => null), { timeout: 60_000 })
      .toEqual([{ n: at + 1 }]);
  }
  await api.run(id, { select: ['e2e_batch'] });
  await page.goto(`/notebooks/${id}`);
  const source = page.getByRole('region', { name: /^source e2e_taken,/ });
  await source.getByRole('button', { name: 'Look back' }).click();
  await expect(source.getByText('commit 3 of 3')).toBeVisible({ timeout: 30_000 });
  // A batch has no commits to look back at.
  const batch = page.getByRole('region', { name: /^source e2e_batch,/ });
  await expect(batch.getByText(/published/i).first()).toBeVisible();
  await expect(batch.getByRole('button', { name: 'Look back' })).toHaveCount(0);

  await source.getByRole('button', { name: 'One commit back' }).click();
  await expect(source.getByText('commit 2 of 3')).toBeVisible();
  await source.getByRole('button', { name: 'Take as a fixture' }).click();
  const dialog = page.getByRole('dialog', { name: 'Take these rows as a fixture' });
  await expect(dialog.getByRole('option')).toHaveText([/as of then \(2 rows\)/, /with this commit \(1 row\)/]);
  await dialog.getByLabel('Rows').selectOption({ index: 1 });
  await expect(dialog.getByLabel('e2e_taken_sum')).toBeChecked();
  await dialog.getByRole('button', { name: 'Take them' }).click();
  await expect(dialog).toBeHidden();
  const copy = page.getByRole('region', { name: /^sql e2e_taken_sum_fixture,/ });
  await expect(copy.getByRole('gridcell', { name: '40', exact: true })).toBeVisible({ timeout: 90_000 });

  // More comes, and the fixture stays; the copy is edited against it.
  await api.post('/streams/e2e_taken/events', [{ id: 4, total: 7_000 }]);
  await copy.getByRole('textbox').click();
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.type('select sum(total)::int * 2 as total from e2e_taken_fixture');
  await expect(copy.getByRole('gridcell', { name: '80', exact: true })).toBeVisible({ timeout: 60_000 });
  const exported = await api.exportNotebook(id);
  expect(exported).toMatch(
    /```source e2e_taken_fixture\ntype: parquet\npath: fixtures\/e2e_taken_[0-9a-f]{8}\.parquet/,
  );

  // From the stream's room it goes into the same notebook.
  await page.goto(`/streams/${stream}`);
  await page.getByRole('button', { name: 'Take as a fixture' }).click({ timeout: 30_000 });
  await page.getByRole('dialog').getByLabel('Name of the cell').fill('from_the_room');
  await page.getByRole('dialog').getByRole('button', { name: 'Take them' }).click();
  await expect(page.getByRole('region', { name: /^source from_the_room,/ })).toBeVisible({ timeout: 30_000 });
  await api.post(`/streams/${stream}/pause`);
});
