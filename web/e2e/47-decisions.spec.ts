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
    await latest.getByRole('button', { name: /^Compute prd_/ }).click();
    await expect(latest).toContainText('the same');

    const reader = await join('Rita', 'viewer');
    await reader.page.goto('/models/dc_risk');
    await expect(reader.page.getByRole('region', { name: 'Try it' })).toBeVisible();
    await expect(reader.page.getByRole('region', { name: 'Predictions' })).toHaveCount(0);
  });
});
