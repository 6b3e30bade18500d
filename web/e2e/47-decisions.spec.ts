import { expect, test } from './fixtures.ts';
import { NotebookPage } from './pages/notebook.ts';

const credit = `
\`\`\`sql dc_loans
select i as loan_id, (1000 + (i * 7919) % 9000)::integer as income, (18 + (i * 104729) % 50)::integer as age,
  case (i * 31) % 3 when 0 then 'car' when 1 then 'house' else 'study' end as purpose,
  (i * 7919) % 9000 + 100 * ((i * 104729) % 50) < 5000 as defaulted
from range(600) t(i)
\`\`\`

\`\`\`model dc_risk
task: classification
from: dc_loans
target: defaulted
features: [income, age, purpose]
algorithm: logistic_regression
decision: { approve: 0.2, deny: 0.6 }
\`\`\`

\`\`\`transform dc_scored
from: dc_loans
steps:
  - predict: dc_risk
\`\`\`
`;

const farm = `
\`\`\`sql fm_features
---
layer: gold
feature_table: { entity: person_id, timestamp: known_on }
---
select p as person_id, (date '2024-01-01' + to_months(m::integer))::date as known_on, (p * 37 + m * 5) % 100 / 10.0 as score
from range(50) a(p), range(12) b(m)
\`\`\`

\`\`\`sql fm_visits
select i as visit_id, i % 50 as person_id, timestamp '2024-02-01' + to_hours((i * 37 % 7000)::integer) as seen_at, i % 7 as weekday,
  ((i % 50) * 37) % 100 + i % 13 > 56 as came from range(500) t(i)
\`\`\`

\`\`\`model fm_comes
task: classification
from: fm_visits
time_column: seen_at
target: came
features: [weekday, score]
feature_tables: fm_features
split: { folds: 3 }
algorithm: logistic_regression
\`\`\`
`;

test.describe('decisions', () => {
  test('thresholds decide in the cell, in batch rows and for one row, and an answer can be computed again', async ({
    page,
    api,
    join,
  }) => {
    const id = await api.importNotebook('Decisions', credit);
    const notebook = new NotebookPage(page);
    await notebook.open(id);
    await notebook.run.click();
    const cell = notebook.cell('dc_risk');
    await expect(cell.getByText('version 1')).toBeVisible({ timeout: 60_000 });
    const decided = cell.getByRole('table', { name: 'Decisions on the hold-out' });
    await expect(decided.getByRole('row').filter({ hasText: 'approve' })).toBeVisible();
    await expect(decided.getByRole('row').filter({ hasText: 'manual review' })).toBeVisible();

    await cell.getByText('version 1').click();
    await cell.getByLabel('Deny at').fill('0.7');
    await cell.getByLabel('Deny at').press('Tab');
    await expect.poll(() => api.exportNotebook(id)).toContain('decision: { approve: 0.2, deny: 0.7 }');

    const rows = await api.query(
      `select loan_id, income, age, purpose, prediction, probability, decision from silver.dc_scored order by loan_id limit 50`,
    );
    const { predictions } = await api.post<{ predictions: { probability: number; decision: string }[] }>(
      '/models/dc_risk/predict?version=1',
      { rows: rows.map(({ loan_id, income, age, purpose }) => ({ loan_id, income, age, purpose })) },
    );
    expect(predictions.map(({ probability, decision }) => [probability, decision])).toEqual(
      rows.map(({ probability, decision }) => [probability, decision]),
    );

    await page.goto('/models/dc_risk');
    const trying = page.getByRole('region', { name: 'Try it' });
    await trying.getByLabel('income').fill('1000');
    await trying.getByLabel('age').fill('18');
    await trying.getByRole('button', { name: 'Predict' }).click();
    await expect(trying.getByText('deny', { exact: true })).toBeVisible();
    await expect(trying.getByText('approved up to 20%, denied from 60%')).toBeVisible();
    const made = page.getByRole('region', { name: 'Predictions' });
    const latest = made.getByRole('row').nth(1);
    await expect(latest).toContainText('income 1,000');
    await latest.getByRole('button', { name: /^Compute again: prd_/ }).click();
    await expect(latest).toContainText('the same');

    await expect(trying.getByRole('heading', { name: 'Why yes' })).toBeVisible();
    await expect(trying.getByText(/^income 1,000$/)).toBeVisible();

    const reader = await join('Rita', 'viewer');
    await reader.page.goto('/models/dc_risk');
    await expect(reader.page.getByRole('region', { name: 'Try it' })).toBeVisible();
    await expect(reader.page.getByRole('region', { name: 'Predictions' })).toHaveCount(0);
  });

  test('features are looked up by entity, as the feature table has them last', async ({ page, api }) => {
    await api.run(await api.importNotebook('Farm', farm));
    await page.goto('/models/fm_comes');
    const trying = page.getByRole('region', { name: 'Try it' });
    await expect(trying.getByLabel('score')).toHaveAttribute('placeholder', 'looked up');
    await trying.getByRole('button', { name: 'Predict' }).click();
    await expect(trying.getByText(/give person_id to look its features up in gold.fm_features/)).toBeVisible();
    await trying.getByLabel('person_id').fill('4');
    await trying.getByRole('button', { name: 'Predict' }).click();
    await expect(trying.getByText('Answer · version 1')).toBeVisible();
    await expect(trying.getByText(/^score \d/)).toBeVisible();
    await trying.getByLabel('person_id').fill('777');
    await trying.getByRole('button', { name: 'Predict' }).click();
    await expect(trying.getByText(/knows no features of person_id 777/)).toBeVisible();
    const table = page.getByRole('table', { name: 'Cross-validation, 3 folds' });
    await expect(table.getByRole('row').filter({ hasText: 'AUC' })).toContainText('±');
  });
});
