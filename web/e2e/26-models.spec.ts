import { expect, test } from './fixtures.ts';
import { NotebookPage } from './pages/notebook.ts';

const scores = `
\`\`\`sql md_loans
select i as loan_id, (1000 + (i * 7919) % 9000)::integer as income, (18 + (i * 104729) % 50)::integer as age,
  case (i * 31) % 3 when 0 then 'car' when 1 then 'house' else 'study' end as purpose,
  (i * 7919) % 9000 + 100 * ((i * 104729) % 50) < 5000 as defaulted
from range(600) t(i)
\`\`\`

\`\`\`model md_risk
task: classification
from: md_loans
target: defaulted
features: [income, age, purpose]
algorithm: random_forest
params: { trees: 20 }
\`\`\`
`;

test.describe('models', () => {
  test('a cell is trained by a run, changed by its form, compared with the champion, promoted, and answers', async ({
    page,
    api,
  }) => {
    const id = await api.importNotebook('Scores', scores);
    const notebook = new NotebookPage(page);
    await notebook.open(id);
    const cell = notebook.cell('md_risk');
    await expect(cell.getByText('Run the cell to register what it learns:')).toBeVisible();
    await notebook.run.click();
    await expect(cell.getByText('version 1')).toBeVisible({ timeout: 60_000 });
    await expect(cell.getByText('champion')).toBeVisible();
    await expect(cell.getByText(/learned from 4\d\d rows, tested on 1\d\d/)).toBeVisible();

    await cell.getByText('version 1').click();
    await cell.getByRole('textbox', { name: 'trees' }).fill('40');
    await cell.getByRole('textbox', { name: 'trees' }).press('Tab');
    await expect.poll(() => api.exportNotebook(id)).toContain('params: { trees: 40 }');
    await expect(cell.getByText('version 2')).toBeVisible({ timeout: 60_000 });
    await expect(cell.getByText('challenger')).toBeVisible();

    await cell.getByRole('link', { name: 'Model page' }).click();
    const versions = page.getByRole('region', { name: 'Versions' });
    await expect(versions.getByRole('row').filter({ hasText: 'version 1' })).toContainText('champion');
    await versions
      .getByRole('row')
      .filter({ hasText: 'version 2' })
      .getByRole('button', { name: 'Make champion' })
      .click();
    await expect(page.getByText('Version 2 answers now')).toBeVisible();
    await expect(versions.getByRole('row').filter({ hasText: 'version 2' })).toContainText('champion');

    const trying = page.getByRole('region', { name: 'Try it' });
    await trying.getByLabel('income').fill('1100');
    await trying.getByLabel('age').fill('19');
    await trying.getByRole('button', { name: 'Predict' }).click();
    await expect(trying.getByText('Answer · version 2')).toBeVisible();
    const told = await api.post<{ predictions: { prediction: boolean }[] }>('/models/md_risk/predict', {
      income: 1100,
      age: 19,
      purpose: 'car',
    });
    await expect(trying.getByText(JSON.stringify(told).includes('true') ? 'yes' : 'no').first()).toBeVisible();
    await page.reload();
    await expect(page.getByText('From 200 on it is said whether they lie elsewhere.')).toBeVisible();
    const learned = await api.query('select income + 9000 as income, age, purpose from silver.md_loans');
    await api.post('/models/md_risk/predict', { rows: learned });
    await page.reload();
    const drift = page.getByRole('region', { name: 'Drift' });
    await expect(drift.getByRole('row').filter({ hasText: 'income' })).toContainText('shifted');
    await expect(drift.getByRole('row').filter({ hasText: 'age' })).toContainText('stable');
    await drift.getByRole('button', { name: 'income' }).click();
    await expect(drift.getByRole('button', { name: 'income' })).toHaveAttribute('aria-pressed', 'true');

    await trying.getByLabel('income').fill('plenty');
    await trying.getByRole('button', { name: 'Predict' }).click();
    await expect(trying.getByText(/income.*(number|plenty)/)).toBeVisible();
  });
});
