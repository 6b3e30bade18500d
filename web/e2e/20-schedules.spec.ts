import { expect, test } from './fixtures.ts';

const steps = (name: string) => `
\`\`\`sql ${name}
select 1 as a
\`\`\`

\`\`\`sql ${name}_next
---
layer: gold
---
select a + 1 as b from ${name}
\`\`\`
`;

test.describe('pipelines', () => {
  test('a schedule set in the page says its next times, runs by itself and is paused', async ({ page, api }) => {
    const id = await api.importNotebook('By schedule', steps('by_schedule'));
    await page.goto('/pipelines');
    await page.getByRole('main').getByRole('combobox', { name: 'New schedule' }).selectOption({ label: 'By schedule' });
    const dialog = page.getByRole('dialog', { name: 'Edit schedule' });
    await expect(dialog.getByText('Every day at 06:00')).toBeVisible();
    await dialog.getByLabel('Cron', { exact: true }).fill('30 2 * * *');
    await dialog.getByLabel('Zone').selectOption('America/New_York');
    await expect(dialog.getByRole('listitem').filter({ hasText: '02:30 EST' })).toHaveCount(5);
    await expect(dialog.getByText(/02:30 is skipped by the clocks/)).toBeVisible();
    await dialog.getByLabel('Cron', { exact: true }).fill('99 * * * *');
    await expect(dialog.getByRole('alert')).toBeVisible();
    await expect(dialog.getByRole('button', { name: 'Publish the schedule' })).toBeDisabled();

    await dialog.getByRole('radio', { name: 'At a steady pace' }).click();
    await dialog.getByLabel('Every', { exact: true }).fill('3 seconds');
    await dialog.getByRole('button', { name: 'Publish the schedule' }).click();
    await expect(dialog).toBeHidden();
    await expect(page.getByRole('heading', { name: 'Every 3 seconds' })).toBeVisible();
    const ran = page.getByRole('region', { name: 'Runs' }).getByRole('link').filter({ hasText: 'schedule' });
    await expect(ran.first()).toBeVisible({ timeout: 20_000 });
    await page.getByRole('button', { name: 'Pause schedule' }).click();
    await expect(page.getByRole('button', { name: 'Resume schedule' })).toBeVisible();
    await expect.poll(async () => (await api.get<unknown[]>('/schedules')).length).toBeGreaterThan(0);
    await expect(async () => expect(await api.query('select b from gold.by_schedule_next')).toEqual([{ b: 2 }])).toPass(
      { timeout: 20_000 },
    );
    await api.request.put(`/api/v1/notebooks/${id}/schedule`, { data: { schedule: null } });
  });

  test('a backfill is planned before it runs, then fills its windows, and finds nothing to do', async ({
    page,
    api,
  }) => {
    const id = await api.importNotebook('Filled again', steps('filled_again'));
    await api.request.put(`/api/v1/notebooks/${id}/schedule`, {
      data: { schedule: { cron: '0 6 * * *', timezone: 'UTC' } },
    });
    await page.goto(`/pipelines/${id}`);
    const plan = async () => {
      await page.getByRole('button', { name: 'Backfill' }).click();
      const dialog = page.getByRole('dialog', { name: 'Backfill' });
      await dialog.getByLabel('From').fill('2026-03-01');
      await dialog.getByLabel('To, not included').fill('2026-03-04');
      await dialog.getByLabel('Window', { exact: true }).fill('1 day');
      await dialog.getByRole('button', { name: 'See what it would do' }).click();
      return dialog;
    };
    const dialog = await plan();
    await expect(dialog.getByRole('status')).toContainText('3 windows to run, 0 done already');
    expect(await api.get<unknown[]>('/backfills')).toEqual([]);
    await dialog.getByRole('button', { name: 'Run 3 windows' }).click();
    await expect(page.getByRole('region', { name: 'Backfills' })).toContainText('3 of 3', { timeout: 45_000 });
    await expect(page.getByRole('region', { name: 'Backfills' })).toContainText('done');
    await expect((await plan()).getByRole('status')).toContainText('0 windows to run, 3 done already');
  });

  test('the page of a run shows graph, log and attempts, and runs it again as it was', async ({ page, api }) => {
    const id = await api.importNotebook('Again', steps('run_again').replace('a + 1', "'no number'::int + a"));
    await api.request.put(`/api/v1/notebooks/${id}/schedule`, { data: { schedule: { cron: '0 6 1 1 *' } } });
    const { runId } = await api.post<{ runId: string }>(`/notebooks/${id}/schedule/run`);
    expect((await api.finished(runId)).state).toBe('failed');
    await page.goto(`/runs/${runId}`);
    const log = page.getByRole('log', { name: 'Log' });
    await expect(log).toContainText('publishes silver.run_again');
    await expect(log).toContainText('Could not convert string');
    await page.getByLabel('Find in the log').fill('fingerprint');
    await expect(log.getByText('starts: never ran')).toHaveCount(2);
    await page.getByLabel('Find in the log').fill('');
    await page
      .getByRole('button', { name: /run_again_next/ })
      .first()
      .click();
    await expect(page.getByRole('region', { name: 'run_again_next', exact: true })).toContainText('attempt 1');
    await expect(log).not.toContainText('silver.run_again');
    await expect(page.locator('.svelte-flow__node')).toHaveCount(2);

    await page.getByRole('button', { name: 'Run again' }).click();
    await page.getByRole('dialog').getByRole('radio', { name: 'The version of this run' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Run again' }).click();
    await expect(page).not.toHaveURL(new RegExp(runId));
    const again = /\/runs\/(.+)$/.exec(page.url())?.[1] ?? '';
    await api.finished(again);
    expect(await api.get<{ rerunOf?: string }>(`/runs/${again}`)).toMatchObject({ rerunOf: runId, version: 1 });
  });
});
