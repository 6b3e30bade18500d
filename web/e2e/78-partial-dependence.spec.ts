import { expect, test } from './fixtures.ts';

const scores = `
\`\`\`sql pd_loans
select i as loan_id, (1000 + (i * 7919) % 9000)::integer as income, (date '2024-01-01' + (i % 365)::integer) as asked_on,
  case (i * 31) % 3 when 0 then 'car' when 1 then 'house' else 'study' end as purpose,
  (i * 7919) % 9000 + 1500 * ((i * 31) % 3) < 5000 as defaulted
from range(600) t(i)
\`\`\`

\`\`\`model pd_risk
task: classification
from: pd_loans
target: defaulted
features: [income, purpose, asked_on]
algorithm: random_forest
params: { trees: 20 }
\`\`\`
`;

test('the page of a model draws what each feature does, with how its rows lie, and has the same numbers as tables', async ({
  page,
  api,
}) => {
  await api.run(await api.importNotebook('Partial', scores));
  await page.goto('/models/pd_risk');
  const section = page.getByRole('region', { name: 'What each feature does' });
  const income = section.getByRole('article', { name: 'income', exact: true });
  await expect(income.locator('canvas')).toHaveCount(2);
  await income.getByText('income as a table').click();
  const rows = income.getByRole('row');
  await expect(rows).toHaveCount(17);
  await expect(rows.first()).toContainText('chance of true');
  const shares = await income.getByRole('row').locator('td:nth-of-type(1)').allTextContents();
  expect(Number.parseFloat(shares[0] ?? '')).toBeGreaterThan(Number.parseFloat(shares.at(-1) ?? ''));
  const purpose = section.getByRole('article', { name: 'purpose', exact: true });
  await purpose.getByText('purpose as a table').click();
  for (const label of ['car', 'house', 'study'])
    await expect(purpose.getByRole('rowheader', { name: label })).toBeVisible();
  const day = section.getByRole('article', { name: 'asked_on', exact: true });
  await day.getByText('asked_on as a table').click();
  await expect(day.getByRole('rowheader').first()).toHaveText(/^2024-\d\d-\d\d$/);
});
