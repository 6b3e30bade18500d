import { expect, test } from './fixtures.ts';

const feed = `
\`\`\`source e2e_lanes
type: webhook
watermark: { column: t, delay: 5 seconds, idle: 1 hour }
columns: { n: integer, t: timestamp, _partition: bigint }
\`\`\`

\`\`\`sql e2e_minutes
---
refresh: streaming
---
select time_bucket(interval '1 minute', t) as minute, count(*)::int as n from e2e_lanes group by all
\`\`\`
`;
const of = (partition: number, n: number, at: string) => ({ n, t: `2026-01-05T12:${at}Z`, _partition: partition });

test('a stream tells which of its partitions holds the watermark back, and how many rows of each were late', async ({
  page,
  api,
}) => {
  const id = await api.importNotebook('Partitions', feed);
  const { id: stream } = await api.post<{ id: string }>(`/notebooks/${id}/streams`, {
    cell: 'e2e_lanes',
    commitMs: 250,
  });
  const minutes = () => api.query('select sum(n)::int as n from silver.e2e_minutes').catch(() => null);
  await api.post('/streams/e2e_lanes/events', [of(0, 1, '09:00'), of(1, 2, '02:00'), of(2, 3, '08:00')]);
  await expect.poll(minutes, { timeout: 45_000 }).toEqual([{ n: 3 }]);
  await api.post('/streams/e2e_lanes/events', [of(0, 4, '10:00'), of(0, 5, '01:00')]);
  await expect
    .poll(() => api.query('select n from silver.e2e_minutes_late').catch(() => null), { timeout: 45_000 })
    .toEqual([{ n: 5 }]);
  await page.goto(`/streams/${stream}`);
  const table = page.getByRole('table', { name: 'Partitions' });
  await expect(table.getByRole('row', { name: /^1 .*12:02:00 PM holds the watermark back 0/ })).toBeVisible();
  await expect(table.getByRole('row', { name: /^0 .*12:10:00 PM 1/ })).toBeVisible();
  await expect(table.getByText('holds the watermark back')).toHaveCount(1);
  await expect(page.getByText('Held back by partition 1.')).toBeVisible();

  await page.setViewportSize({ width: 360, height: 740 });
  await table.getByText('holds the watermark back').scrollIntoViewIfNeeded();
  await expect(table.getByText('holds the watermark back')).toBeInViewport({ ratio: 1 });
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
  await api.post(`/streams/${stream}/pause`);
});
