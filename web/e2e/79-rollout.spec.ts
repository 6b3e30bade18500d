import { expect, test } from './fixtures.ts';
import { NotebookPage } from './pages/notebook.ts';

const scores = `
\`\`\`sql ro_loans
select i as loan_id, (1000 + (i * 7919) % 9000)::integer as income, (18 + (i * 104729) % 50)::integer as age,
  case (i * 31) % 3 when 0 then 'car' when 1 then 'house' else 'study' end as purpose,
  (i * 7919) % 9000 + 100 * ((i * 104729) % 50) < 5000 as defaulted
from range(600) t(i)
\`\`\`

\`\`\`model ro_risk
task: classification
from: ro_loans
target: defaulted
features: [income, age, purpose]
algorithm: random_forest
params: { trees: 5 }
decision: { approve: 0.2, deny: 0.6 }
\`\`\`
`;

test('a version answers a part as a canary, is counted beside the champion, and takes its place', async ({
  page,
  api,
}) => {
  const id = await api.importNotebook('Rollout', scores);
  const notebook = new NotebookPage(page);
  await notebook.open(id);
  await notebook.run.click();
  const cell = notebook.cell('ro_risk');
  await expect(cell.getByText('version 1')).toBeVisible({ timeout: 60_000 });
  await cell.getByText('version 1').click();
  await cell.getByRole('textbox', { name: 'trees' }).fill('15');
  await cell.getByRole('textbox', { name: 'trees' }).press('Tab');
  await expect.poll(() => api.exportNotebook(id)).toContain('params: { trees: 15 }');
  await expect(cell.getByText('version 2')).toBeVisible({ timeout: 60_000 });

  await page.goto('/models/ro_risk');
  const rollout = page.getByRole('region', { name: 'Rollout' });
  await expect(rollout.getByLabel('Version')).toHaveValue('2');
  const part = rollout.getByRole('slider', { name: 'Part of what is asked' });
  await expect(part).toHaveValue('10');
  await part.fill('99');
  await part.press('ArrowRight');
  await expect(part).toHaveAttribute('aria-valuetext', '100%');
  await rollout.getByRole('button', { name: 'Start' }).click();
  await expect(page.getByText('Version 2 runs beside the champion')).toBeVisible();
  await expect(rollout.getByText('Version 2 answers 100% of what is asked.')).toBeVisible();

  const trying = page.getByRole('region', { name: 'Try it' });
  await trying.getByLabel('income').fill('1100');
  await trying.getByRole('button', { name: 'Predict' }).click();
  await expect(trying.getByText('Answer · version 2')).toBeVisible();
  const figure = (name: string) => rollout.locator('dl > div').filter({ hasText: name }).locator('dd');
  await expect(figure('Answered by it')).toHaveText('1');

  await part.fill('30');
  await rollout.getByRole('button', { name: 'Change the part' }).click();
  await expect(rollout.getByText('Version 2 answers 30% of what is asked.')).toBeVisible();
  const learned = await api.query('select income, age, purpose from silver.ro_loans limit 200');
  const { predictions } = await api.post<{ predictions: { version: number }[] }>('/models/ro_risk/predict', {
    rows: learned,
  });
  const answered = predictions.filter(({ version }) => version === 2).length;
  await expect(figure('Asked')).toHaveText('201');
  await expect(figure('Answered by it')).toHaveText(String(answered + 1));
  await expect(figure('Agree')).toContainText('%');

  await rollout.getByRole('button', { name: 'Stop' }).click();
  await expect(page.getByText('Only the champion is asked now')).toBeVisible();
  await rollout.getByRole('radio', { name: 'Shadow' }).click();
  await expect(part).toHaveValue('100');
  await rollout.getByRole('button', { name: 'Start' }).click();
  await expect(rollout.getByText('Version 2 scores 100% of what is asked and is not heard.')).toBeVisible();
  await api.post('/models/ro_risk/predict', { rows: learned });
  await expect(figure('Scored by both')).toHaveText('200');

  await rollout.getByRole('button', { name: 'Make version 2 champion' }).click();
  await expect(page.getByText('Version 2 answers now')).toBeVisible();
  await expect(rollout.getByRole('button', { name: 'Start' })).toBeVisible();
  await expect(rollout.getByLabel('Version')).toHaveValue('1');
});
