import { expect, test } from './fixtures.ts';

const shop = `
\`\`\`source e2e_sold
type: webhook
key: id
columns: { id: varchar, shop: varchar, total: integer }
\`\`\`

\`\`\`sql e2e_sum
---
layer: gold
---
select shop, sum(total)::int as total from e2e_sold group by all
\`\`\`

\`\`\`chart e2e_total
from: e2e_sum
type: metric
title: Sold so far
value: { column: total, aggregate: sum }
\`\`\`
`;

test('events pushed to a source appear in a published dashboard without a reload, and it can be held', async ({
  page,
  api,
  stranger: visitors,
}) => {
  const stranger = await visitors.newPage();
  const id = await api.importNotebook('Sold live', shop);
  const push = (events: unknown) => api.post('/streams/e2e_sold/events', events);
  await page.goto(`/notebooks/${id}`);
  await page.getByRole('button', { name: 'Go live' }).click();
  await page.getByRole('link', { name: 'Live', exact: true }).click();
  await expect(page.getByRole('heading', { name: 'Partitions' })).toHaveCount(0);
  await push([{ id: 'a', shop: 'Centro', total: 5 }]);
  await expect
    .poll(() => api.query('select sum(total)::int as t from gold.e2e_sum').catch(() => null), { timeout: 60_000 })
    .toEqual([{ t: 5 }]);
  await expect(page.getByText('1 commit')).toBeVisible();

  const { url } = await api.post<{ url: string }>(`/notebooks/${id}/publish`);
  await stranger.goto(url);
  await expect(stranger.getByRole('status').filter({ hasText: 'Live' })).toBeVisible();
  await stranger.evaluate(() => Object.assign(window, { sameDocument: true }));
  await push({ id: 'b', shop: 'Centro', total: 37 });
  await expect(stranger.getByText('42', { exact: true }).first()).toBeVisible({ timeout: 20_000 });
  await stranger.getByRole('button', { name: 'Hold the page as it is' }).click();
  await push({ id: 'c', shop: 'Sul', total: 100 });
  await expect.poll(() => api.query('select sum(total)::int as t from gold.e2e_sum')).toEqual([{ t: 142 }]);
  await expect(stranger.getByText('42', { exact: true }).first()).toBeVisible();
  await stranger.getByRole('button', { name: 'Follow the data again' }).click();
  await expect(stranger.getByText('142', { exact: true }).first()).toBeVisible();
  expect(await stranger.evaluate(() => 'sameDocument' in window)).toBe(true);
  await expect(stranger.getByText('Sold so far').first()).toBeVisible();

  await page.getByRole('button', { name: 'Pause' }).click();
  await expect(page.getByText('Paused').first()).toBeVisible();
  await page.goto('/streams');
  await expect(page.getByRole('link', { name: /e2e_sold/ })).toContainText('Paused, Webhook, Sold live');
});
