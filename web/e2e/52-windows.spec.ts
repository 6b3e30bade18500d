import { expect, test } from './fixtures.ts';

const sales = `
\`\`\`source e2e_clicks
type: webhook
key: id
watermark: { column: t, delay: 5 seconds }
columns: { id: varchar, t: timestamp, total: integer }
\`\`\`

\`\`\`sql e2e_by_minute
---
layer: gold
refresh: streaming
lateness: 10 seconds
---
select time_bucket(interval '1 minute', t) as minute, count(*)::int as clicks, sum(total)::int as total
from e2e_clicks
group by all
\`\`\`

\`\`\`sql e2e_all_time
---
refresh: streaming
---
select count(*) as clicks from e2e_clicks
\`\`\`

\`\`\`chart e2e_total
from: e2e_by_minute
type: metric
title: Clicks so far
value: { column: clicks, aggregate: sum }
\`\`\`
`;

const click = (id: string, time: string, total: number) => ({ id, t: `2026-01-01T${time}`, total });

test('a tumbling window is corrected as events come, tells what was late, and its chart follows', async ({
  page,
  api,
  stranger: visitors,
}) => {
  const stranger = await visitors.newPage();
  const id = await api.importNotebook('Clicks by minute', sales);
  const push = (events: unknown) => api.post('/streams/e2e_clicks/events', events);
  const minutes = () =>
    api
      .query(`select strftime(minute, '%H:%M') as m, clicks, total from gold.e2e_by_minute order by 1`)
      .catch(() => null);
  await page.goto(`/notebooks/${id}`);
  const cell = page.getByRole('region', { name: /^sql e2e_by_minute,/ });
  await expect(cell.getByText('streaming', { exact: true })).toBeVisible();
  await expect(page.getByText('made anew', { exact: true })).toHaveAttribute('title', /select a window of `t` too/);

  await page.getByRole('button', { name: 'Go live' }).click();
  await push([click('a', '12:00:10', 1), click('b', '12:00:50', 2), click('c', '12:01:05', 4)]);
  await expect.poll(minutes, { timeout: 60_000 }).toEqual([
    { m: '12:00', clicks: 2, total: 3 },
    { m: '12:01', clicks: 1, total: 4 },
  ]);
  const source = page.getByRole('region', { name: /^source e2e_clicks,/ });
  await expect(source.getByRole('gridcell', { name: '2026-01-01 12:00:50' })).toBeVisible({ timeout: 30_000 });
  const { url } = await api.post<{ url: string }>(`/notebooks/${id}/publish`);
  await stranger.goto(url);
  await expect(stranger.getByText('3', { exact: true }).first()).toBeVisible();

  await push([click('d', '12:00:55', 8), click('e', '12:03:00', 16)]);
  await expect.poll(minutes, { timeout: 60_000 }).toEqual([
    { m: '12:00', clicks: 3, total: 11 },
    { m: '12:01', clicks: 1, total: 4 },
    { m: '12:03', clicks: 1, total: 16 },
  ]);
  await expect(stranger.getByText('5', { exact: true }).first()).toBeVisible({ timeout: 20_000 });

  await push([click('f', '12:00:56', 32), click('g', '12:02:50', 64)]);
  await expect.poll(minutes).toContainEqual({ m: '12:02', clicks: 1, total: 64 });
  await expect(cell.getByText('1 late row', { exact: true })).toBeVisible();
  await expect(cell.getByText('watermark Jan 1, 2026, 12:02:55 PM')).toBeVisible();
  await expect.poll(() => api.query('select id, total from gold.e2e_by_minute_late')).toEqual([{ id: 'f', total: 32 }]);

  await page.getByRole('link', { name: 'Live', exact: true }).click();
  await expect(page.getByRole('table', { name: 'Streaming cells' })).toContainText('e2e_by_minute');
  await page.getByRole('button', { name: 'Pause' }).click();
  await expect(page.getByText('Paused').first()).toBeVisible();
});
