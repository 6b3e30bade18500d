import { expect, test } from './fixtures.ts';
import { NotebookPage } from './pages/notebook.ts';

const text = (factor: number) => `\`\`\`sql paged_loans
select i as income, i % 7 as age, if(i * ${factor} > 500, 'yes', 'no') as paid from range(100) t(i)
\`\`\`

\`\`\`model paged_risk
task: classification
from: paged_loans
target: paid
features: [income, age]
algorithm: logistic_regression
\`\`\`
`;

test('pages of tables and models show what a branch has, when they are come to from it', async ({ page, api }) => {
  const id = await api.importNotebook('Paged', text(10));
  await api.run(id);
  await api.post('/models/paged_risk/predict', { rows: [{ income: 30, age: 2 }] });
  const { id: branchId } = await api.post<{ id: string }>(`/notebooks/${id}/branches`, { name: 'Gentler' });
  const ana = new NotebookPage(page);
  await ana.open(branchId);
  await ana.write(
    'paged_loans',
    "select i as income, i % 7 as age, if(i > 25, 'yes', 'no') as paid, 1 as extra from range(90) t(i)",
  );
  await expect(ana.saved).toContainText(/^\s*Saved/);
  await api.run(branchId);

  await page
    .getByRole('region', { name: 'About this branch' })
    .getByRole('link', { name: 'Its tables', exact: true })
    .click();
  const list = page.getByRole('navigation', { name: 'Tables' });
  await expect(list.getByRole('combobox', { name: 'Tables of' })).toHaveValue(branchId);
  await list.getByRole('link', { name: /^paged_loans/ }).click();
  const main = page.getByRole('main');
  await expect(main.getByText('the branch’s own')).toBeVisible();
  await expect(main.getByText('90', { exact: true }).first()).toBeVisible();
  await main.getByRole('tab', { name: /Columns/ }).click();
  await expect(main.getByRole('cell', { name: 'extra' })).toBeVisible();
  await main.getByRole('tab', { name: /Snapshots/ }).click();
  const snapshots = main.getByRole('row').filter({ hasText: 'Read' });
  await expect(snapshots).toHaveCount(2);
  await expect(main.getByRole('button', { name: /^Roll back/ })).toHaveCount(0);
  await snapshots.last().getByRole('button', { name: /Read/ }).click();
  await expect(page).toHaveURL(new RegExp(`asOf=.*branch=${branchId}`));
  await expect(main.getByRole('grid').getByRole('columnheader', { name: /paid/ })).toBeVisible();
  await expect(main.getByRole('grid').getByRole('columnheader', { name: /extra/ })).toHaveCount(0);
  await main.getByRole('tab', { name: 'Lineage' }).click();
  await expect(main.getByText('extra').first()).toBeVisible();

  await list.getByRole('combobox', { name: 'Tables of' }).selectOption({ label: 'the workspace' });
  await list.getByRole('link', { name: /^paged_loans/ }).click();
  await main.getByRole('tab', { name: /Columns/ }).click();
  await expect(main.getByRole('cell', { name: 'income' })).toBeVisible();
  await expect(main.getByRole('cell', { name: 'extra' })).toHaveCount(0);

  await ana.open(branchId);
  await ana.cell('paged_risk').getByRole('link', { name: 'Model page' }).click();
  await expect(page).toHaveURL(new RegExp(`/models/paged_risk\\?branch=${branchId}`));
  await expect(main.getByRole('heading', { name: 'version 2' })).toBeVisible();
  const file = page.waitForEvent('download');
  await main.getByRole('link', { name: /ONNX/ }).click();
  expect((await (await file).createReadStream()).readable).toBe(true);
  await expect(main.getByText(/questions that the notebook’s model was asked/)).toBeVisible();
  await main.getByRole('button', { name: 'Predict' }).click();
  await expect(main.getByText(/version 2/).last()).toBeVisible();
  await expect(main.getByRole('button', { name: 'Make champion' })).toHaveCount(0);
});
