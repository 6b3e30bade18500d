import { expect, test } from './fixtures.ts';

const counted = `
\`\`\`source e2e_taken_over
type: webhook
columns: { id: integer, total: integer }
\`\`\`

\`\`\`sql e2e_over_sum
---
layer: gold
---
select sum(total)::int as total from e2e_taken_over
\`\`\`
`;

test('a live stream says that a cell it makes was changed, and takes it over; what it does not make leaves it alone', async ({
  page,
  api,
}) => {
  test.slow();
  const id = await api.importNotebook('Taken over', counted);
  const { id: stream } = await api.post<{ id: string }>(`/notebooks/${id}/streams`, {
    cell: 'e2e_taken_over',
    commitMs: 250,
  });
  const push = (of: number, total: number) => api.post('/streams/e2e_taken_over/events', [{ id: of, total }]);
  const total = () => api.query('select total from gold.e2e_over_sum').catch(() => null);
  await push(1, 5);
  await expect.poll(total, { timeout: 60_000 }).toEqual([{ total: 5 }]);

  await page.goto(`/notebooks/${id}`);
  const source = page.getByRole('region', { name: /^source e2e_taken_over,/ });
  const takeOver = source.getByRole('button', { name: 'Take changes over' });
  await expect(source.getByRole('link', { name: 'Live', exact: true })).toBeVisible({ timeout: 30_000 });
  await expect(takeOver).toBeHidden();
  const cell = page.getByRole('region', { name: /^sql e2e_over_sum,/ });
  await cell.getByRole('textbox').click();
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.type('select 10 * sum(total)::int as total from e2e_taken_over');
  await expect(takeOver).toHaveAttribute('title', /Changed since: e2e_over_sum\./, { timeout: 30_000 });
  await push(2, 1);
  await expect.poll(total, { timeout: 60_000 }).toEqual([{ total: 6 }]);
  await takeOver.click();
  await expect(takeOver).toBeHidden();
  await push(3, 1);
  await expect.poll(total, { timeout: 60_000 }).toEqual([{ total: 70 }]);
  await api.post(`/streams/${stream}/pause`);
});
