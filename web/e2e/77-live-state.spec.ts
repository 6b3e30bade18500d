import AxeBuilder from '@axe-core/playwright';
import { expect, test } from './fixtures.ts';

const shop = `
\`\`\`source e2e_state_sold
type: webhook
max_bad_ratio: 0.1
rejects: table
columns: { id: integer, total: integer }
\`\`\`

\`\`\`source e2e_state_rain
type: webhook
columns: { mm: integer }
\`\`\`

\`\`\`chart e2e_state_total
from: e2e_state_sold
type: metric
title: Sold so far
value: { column: total, aggregate: sum }
\`\`\`

\`\`\`chart e2e_state_wet
from: e2e_state_rain
type: metric
title: Rain so far
value: { column: mm, aggregate: sum }
\`\`\`
`;

test('a dashboard and a chart in its notebook say that their stream is paused or stopped, and are live again by themselves', async ({
  page,
  api,
  stranger: visitors,
}) => {
  test.slow();
  const id = await api.importNotebook('State of streams', shop);
  const started = (cell: string) => api.post<{ id: string }>(`/notebooks/${id}/streams`, { cell, commitMs: 250 });
  const [sold, rain] = [await started('e2e_state_sold'), await started('e2e_state_rain')];
  const push = (source: string, events: unknown) => api.post(`/streams/${source}/events`, events);
  await push('e2e_state_sold', [{ id: 1, total: 5 }]);
  await push('e2e_state_rain', [{ mm: 3 }]);
  const known = (sql: string) => api.query(sql).catch(() => null);
  await expect
    .poll(() => known('select total from bronze.e2e_state_sold'), { timeout: 60_000 })
    .toEqual([{ total: 5 }]);
  await expect.poll(() => known('select mm from bronze.e2e_state_rain'), { timeout: 60_000 }).toEqual([{ mm: 3 }]);
  const { url } = await api.post<{ url: string }>(`/notebooks/${id}/publish`);
  const viewer = await visitors.newPage();
  await viewer.goto(url);
  const status = viewer.locator('.ground').getByRole('status').first();
  await expect(status).toHaveText('Live');
  await page.goto(`/notebooks/${id}`);
  const chart = page.getByRole('region', { name: /^chart e2e_state_wet,/ });
  await expect(chart.getByText('Live', { exact: true })).toBeVisible({ timeout: 30_000 });

  await api.post(`/streams/${rain.id}/pause`);
  await expect(status).toHaveText(/^Paused since \d\d:\d\d: what came before is shown\.$/);
  const tile = (name: string) => viewer.getByRole('region', { name });
  await expect(tile('Rain so far')).toContainText(/Paused since \d\d:\d\d/);
  await expect(tile('Sold so far')).not.toContainText('Paused');
  await expect(chart.getByText(/^Paused since \d\d:\d\d$/)).toBeVisible();
  await expect(
    page.getByRole('region', { name: /^chart e2e_state_total,/ }).getByText('Live', { exact: true }),
  ).toBeVisible();

  await api.post(`/streams/${rain.id}/resume`);
  await push('e2e_state_rain', [{ mm: 4 }]);
  await expect(tile('Rain so far')).toContainText('7');
  await expect(status).toHaveText('Live');
  await expect(chart.getByText('Live', { exact: true })).toBeVisible();

  await push(
    'e2e_state_sold',
    Array.from({ length: 9 }, (_, at) => ({ id: at, total: 'x' })),
  );
  await expect(status).toHaveText(
    /^Stopped since \d\d:\d\d: what came before is shown\. Its team can start it again\.$/,
  );
  await expect(tile('Sold so far')).toContainText('5');
  const { violations } = await new AxeBuilder({ page: viewer }).include('.ground').analyze();
  expect(violations.map(({ id: rule }) => rule)).toEqual([]);
  await viewer.getByRole('button', { name: /português/ }).click();
  await expect(status).toHaveText(/^Interrompido desde \d\d:\d\d: mostra-se o que veio antes\./);
  for (const each of [sold, rain]) await api.post(`/streams/${each.id}/pause`);
});
