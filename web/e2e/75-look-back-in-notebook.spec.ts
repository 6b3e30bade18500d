import { expect, test } from './fixtures.ts';

const visits = `
\`\`\`source e2e_visits
type: webhook
watermark: { column: t, delay: 5 seconds }
columns: { id: integer, t: timestamp, total: integer }
\`\`\`

\`\`\`sql e2e_visits_by_minute
---
layer: gold
refresh: streaming
---
select time_bucket(interval '1 minute', t) as minute, sum(total)::int as total from e2e_visits group by all
\`\`\`

\`\`\`chart e2e_visits_total
from: e2e_visits_by_minute
type: metric
title: Visits so far
value: { column: total, aggregate: sum }
\`\`\`

\`\`\`sql e2e_visits_most
select max(total)::int as most from e2e_visits
\`\`\`
`;

const visit = (id: number, seconds: number, total: number) => ({
  id,
  t: new Date(Date.UTC(2026, 0, 1, 12) + seconds * 1_000).toISOString(),
  total,
});

test('a streaming cell of a notebook is stepped back commit by commit, and what reads it follows, edits too', async ({
  page,
  api,
}) => {
  const id = await api.importNotebook('Visits looked back at', visits);
  const { id: stream } = await api.post<{ id: string }>(`/notebooks/${id}/streams`, {
    cell: 'e2e_visits',
    commitMs: 250,
  });
  for (const [at, total] of [3, 40, 500].entries()) {
    await api.post('/streams/e2e_visits/events', [visit(at, at * 70, total)]);
    await expect
      .poll(() => api.query('select count(*)::int as n from gold.e2e_visits_by_minute').catch(() => null), {
        timeout: 60_000,
      })
      .toEqual([{ n: at + 1 }]);
  }
  await page.goto(`/notebooks/${id}`);
  const windows = page.getByRole('region', { name: /^sql e2e_visits_by_minute,/ });
  const chart = page.getByRole('region', { name: /^chart e2e_visits_total,/ });
  await expect(chart.getByText('543', { exact: true }).first()).toBeVisible({ timeout: 30_000 });

  await windows.getByRole('button', { name: 'Look back' }).click();
  await expect(windows.getByText('commit 3 of 3')).toBeVisible({ timeout: 30_000 });
  await windows.getByRole('button', { name: 'One commit back' }).click();
  await expect(windows.getByText('commit 2 of 3')).toBeVisible();
  await expect(windows.getByRole('gridcell', { name: '500' })).toBeHidden();
  await expect(chart.getByText('43', { exact: true }).first()).toBeVisible();
  await expect(chart.getByText(/^As of /)).toBeVisible();
  await windows.getByRole('slider', { name: 'Commit' }).press('Home');
  await expect(chart.getByText('3', { exact: true }).first()).toBeVisible();
  await windows.getByRole('button', { name: 'Stop looking back' }).click();
  await expect(chart.getByText('543', { exact: true }).first()).toBeVisible();
  await expect(chart.getByText(/^As of /)).toBeHidden();

  // The events of then, through a cell as it is edited now.
  const source = page.getByRole('region', { name: /^source e2e_visits,/ });
  await source.getByRole('button', { name: 'Look back' }).click();
  await source.getByRole('button', { name: 'One commit back' }).click();
  const most = page.getByRole('region', { name: /^sql e2e_visits_most,/ });
  await expect(most.getByRole('gridcell', { name: '40', exact: true })).toBeVisible({ timeout: 30_000 });
  await most.getByRole('textbox').click();
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.type('select sum(total)::int * 2 as most from e2e_visits');
  await expect(most.getByRole('gridcell', { name: '86', exact: true })).toBeVisible({ timeout: 30_000 });
  await expect(chart.getByText('43', { exact: true }).first()).toBeVisible();
  await source.getByRole('button', { name: 'Back to live' }).click();
  await expect(most.getByRole('gridcell', { name: '1086', exact: true })).toBeVisible({ timeout: 30_000 });
  await api.post(`/streams/${stream}/pause`);
});
