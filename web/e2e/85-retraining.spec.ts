/** A model that drifts is trained again by itself, and the rule of its cell decides which version answers. */
import type { Page } from '@playwright/test';
import { expect, test } from './fixtures.ts';

const cells = `
\`\`\`source rt_loans
type: webhook
key: loan_id
columns: { loan_id: integer, income: integer, age: integer, purpose: varchar, defaulted: boolean }
\`\`\`

\`\`\`model rt_risk
task: classification
from: rt_loans
target: defaulted
features: [income, age, purpose]
algorithm: random_forest
params: { trees: 10 }
split: { test: 0.3, by: random, seed: 7 }
promote: { metric: auc, margin: 0.01 }
\`\`\`
`;

/** Loans whose outcome is known; of richer people the same ones fail. */
function loans(first: number, count: number, richer = 0) {
  return Array.from({ length: count }, (_, at) => {
    const i = first + at;
    const [income, age] = [1000 + ((i * 7919) % 9000), 18 + ((i * 104729) % 50)];
    const defaulted = income + 100 * (age - 18) < 5000;
    return { loan_id: i, income: income + richer, age, purpose: ['car', 'house', 'study'][i % 3], defaulted };
  });
}

const region = (page: Page, name: string) => page.getByRole('region', { name, exact: true });

test('a model that drifts is trained again, takes its place by the rule, and its page and the alerts say so', async ({
  page,
  api,
}) => {
  const id = await api.importNotebook('Loans', cells);
  await api.post('/streams/rt_loans/events', loans(0, 400));
  expect((await api.run(id)).state).toBe('succeeded');
  const asked = loans(400, 250, 9000).map(({ income, age, purpose }) => ({ income, age, purpose }));
  await api.post('/models/rt_risk/predict', { rows: asked });

  await page.goto('/alerts');
  await page.getByRole('tab', { name: 'Rules' }).click();
  await page.getByRole('button', { name: 'Add a rule' }).click();
  const dialog = page.getByRole('dialog', { name: 'Add a rule' });
  await dialog.getByLabel('Name').fill('Risk is asked otherwise');
  await dialog.getByLabel('What it looks at').selectOption({ label: 'A model drifts' });
  await dialog.getByLabel('Model').selectOption('rt_risk');
  await dialog.getByRole('button', { name: 'Add a rule' }).click();
  await expect(dialog).toBeHidden();
  await page.getByRole('tab', { name: /^Firing/ }).click();
  const incident = page.getByRole('article').filter({ hasText: 'rt_risk drifts' });
  await expect(incident).toContainText('what version 1 of rt_risk is asked lies elsewhere than what it learned from');
  await incident.getByRole('link', { name: 'rt_risk drifts' }).click();

  await expect(region(page, 'Drift').getByRole('row').filter({ hasText: 'income' })).toContainText('shifted');
  await expect(region(page, 'Training again')).toContainText('Only when somebody runs its notebook.');
  await api.post('/streams/rt_loans/events', loans(400, 400, 9000));
  await page.getByRole('link', { name: 'Train again every so often, or when it drifts' }).click();
  const triggers = region(page, 'Triggers');
  await expect(triggers).toContainText('with the first trigger it is published as it is now');
  await expect(triggers.getByLabel('Model')).toHaveValue('rt_risk');
  await triggers.getByRole('button', { name: 'Add a trigger' }).click();
  await expect(triggers.getByRole('listitem')).toContainText('A model drifts rt_risk · PSI above 0.25');
  const started = region(page, 'Runs').getByRole('link').filter({ hasText: 'a model drifts' });
  await expect(started).toHaveCount(1, { timeout: 30_000 });
  const runId = (await started.getAttribute('href'))?.split('/').at(-1) ?? '';
  expect((await api.finished(runId)).state).toBe('succeeded');

  await page.goto('/models/rt_risk');
  const row = region(page, 'Versions').getByRole('row').filter({ hasText: 'version 2' });
  await expect(row).toContainText('champion');
  await expect(region(page, 'Training again')).toContainText('When it drifts (PSI above 0.25)');
  await expect(region(page, 'Training again')).toContainText('when its AUC is better by 0.01 on the same hold-out');
  const told = region(page, 'History').getByRole('listitem').filter({ hasText: 'version 2 was trained' });
  await expect(told).toContainText('was trained because the model drifted');
  await expect(told).toContainText(
    /AUC [\d.]+, of version 1 on the same hold-out [\d.]+: it took the place of version 1/,
  );
  await expect(page.getByRole('table', { name: 'Beside version 1, on the same hold-out' })).toBeVisible();
  await told.getByRole('link', { name: 'its run, version 2' }).click();
  await expect(page).toHaveURL(new RegExp(`/runs/${runId}$`));

  const words = { name: 'Risk is asked otherwise', kind: 'drift', config: { model: 'rt_risk' }, everySeconds: 60 };
  const [rule] = (await api.get<{ id: string; name: string }[]>('/alert-rules')).filter(
    ({ name }) => name === words.name,
  );
  await api.put(`/alert-rules/${rule?.id}`, words);
  await page.goto('/alerts');
  await page.getByRole('tab', { name: 'History' }).click();
  await expect(page.getByRole('article').filter({ hasText: 'rt_risk drifts' })).toBeVisible({ timeout: 30_000 });
  await api.request.delete(`/api/v1/alert-rules/${rule?.id}`);
});

test('a model is trained again every so many hours with three clicks from its page', async ({ page, api }) => {
  const id = await api.importNotebook('Every six hours', cells.replaceAll('rt_', 'rs_'));
  await api.post('/streams/rs_loans/events', loans(0, 300));
  expect((await api.run(id)).state).toBe('succeeded');
  await page.goto('/models/rs_risk');
  await page.getByRole('link', { name: 'Train again every so often, or when it drifts' }).click();
  await page.getByRole('button', { name: 'Set a schedule' }).click();
  const dialog = page.getByRole('dialog', { name: 'Edit schedule' });
  await expect(dialog.getByLabel('Every', { exact: true })).toHaveValue('6 hours');
  await dialog.getByRole('button', { name: 'Publish the schedule' }).click();
  await expect(page.getByRole('heading', { name: 'Every 6 hours' })).toBeVisible();
  await page.goto('/models/rs_risk');
  await expect(region(page, 'Training again')).toContainText('Every 6 hours');
  await api.request.put(`/api/v1/notebooks/${id}/schedule`, { data: { schedule: null } });
});
