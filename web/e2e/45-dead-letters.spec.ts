import { expect, test } from './fixtures.ts';

const source = `
\`\`\`source e2e_aside
type: webhook
columns: { id: integer, total: integer }
rejects: table
\`\`\`
`;

test('a message that breaks is looked at with its bytes, and lands once when the cell is mended', async ({
  page,
  api,
}) => {
  const id = await api.importNotebook('Dead letters', source);
  const { id: stream } = await api.post<{ id: string }>(`/notebooks/${id}/streams`, {
    cell: 'e2e_aside',
    commitMs: 250,
  });
  await api.post('/streams/e2e_aside/events', [
    { id: 1, total: 5 },
    { id: 2, total: 'twelve' },
  ]);
  await page.goto(`/streams/${stream}`);
  const letters = page.getByRole('list', { name: 'Dead letters' });
  await letters.getByRole('button', { name: /could not convert twelve/ }).click({ timeout: 45_000 });
  const dialog = page.getByRole('dialog', { name: 'Dead letter' });
  await expect(dialog.getByText('{"id":2,"total":"twelve"}')).toBeVisible();
  await dialog.getByRole('radio', { name: 'Bytes' }).click();
  await expect(dialog.getByText('7b 22 69 64 22 3a 32')).toBeVisible();
  await expect(dialog.getByText('as it is now')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();

  await page.goto(`/notebooks/${id}`);
  await page.getByRole('button', { name: 'Options' }).click();
  const types = page.getByRole('textbox', { name: /Types of columns/ });
  await expect(types).toHaveValue('id: integer, total: integer');
  expect((await types.boundingBox())?.width).toBeGreaterThan(200);
  await types.fill('id: integer, total: varchar');
  await types.press('Tab');
  await expect.poll(() => api.exportNotebook(id)).toContain('total: varchar');

  await page.getByRole('link', { name: 'Look at the messages and read them again' }).click();
  await page.getByRole('button', { name: 'Read all again' }).click();
  const asked = page.getByRole('dialog', { name: 'Read all again' });
  await expect(asked.getByText('1 message is read again.')).toBeVisible();
  await asked.getByRole('button', { name: 'Read again', exact: true }).click();
  await expect(page.getByText('1 message has landed')).toBeVisible({ timeout: 20_000 });
  await expect(letters).toBeHidden();
  expect(await api.query('select id, total from bronze.e2e_aside order by id')).toEqual([
    { id: 1, total: '5' },
    { id: 2, total: 'twelve' },
  ]);
  expect(await api.query('select count(*)::int as n from bronze.e2e_aside_rejects')).toEqual([{ n: 0 }]);

  // Somewhere else, once it was said what that comes to.
  await page.getByRole('button', { name: 'Pause' }).click();
  await api.post('/streams/e2e_aside/events', { id: 3, total: 'skipped' });
  await page.getByRole('button', { name: 'Read on from elsewhere' }).click();
  const seek = page.getByRole('dialog', { name: 'Read on from elsewhere' });
  await expect(seek.getByText('2 messages are read a second time')).toBeVisible();
  await seek.getByRole('combobox', { name: 'From' }).selectOption({ label: 'behind the last message' });
  await expect(seek.getByText('1 message is skipped: it will never be in the table.')).toBeVisible();
  await seek.getByRole('button', { name: 'Move it there' }).click();
  await expect(seek).toBeHidden();
  await page.getByRole('button', { name: 'Resume' }).click();
  await api.post('/streams/e2e_aside/events', { id: 4, total: 'taken' });
  await expect
    .poll(() => api.query('select id from bronze.e2e_aside order by id'), { timeout: 20_000 })
    .toEqual([{ id: 1 }, { id: 2 }, { id: 4 }]);
  await api.post(`/streams/${stream}/pause`);
});
