/** A forecast that knows what drives it: scenarios side by side, one of them by an input of the notebook. */
import { expect, test } from './fixtures.ts';
import { NotebookPage } from './pages/notebook.ts';

const notebook = `
\`\`\`input dr_change
type: slider
label: Price
default: 0
min: -50
max: 50
step: 10
unit: "%"
\`\`\`

\`\`\`sql dr_months
with was as (
  select i, (date '2019-01-01' + to_months(i::integer))::date as month, 10 + i % 5 as price from range(60) t(i)
)
select month, null as scenario, 500 + 3 * i + 40 * sin(i * pi() / 6) - 12 * price + hash(i) % 5 as sold, price::double as price from was
union all
select (date '2024-01-01' + to_months(i::integer))::date, scenario, null, price
from range(6) t(i), (values ('as planned', 12.0), ('mine', 12.0 * (1 + $dr_change / 100))) s(scenario, price)
\`\`\`

\`\`\`model dr_ahead
task: forecast
from: dr_months
time_column: month
target: sold
features: price
params: { log: "no" }
scenario_column: scenario
\`\`\`

\`\`\`sql dr_apart
select round(avg(m.forecast - p.forecast), 1)::double as apart
from dr_ahead m join dr_ahead p using (month) where m.scenario = 'mine' and p.scenario = 'as planned'
\`\`\`
`;

test('a forecast says what drives it, and a slider moves a scenario of its own', async ({ page, api }) => {
  const id = await api.importNotebook('Driven', notebook);
  expect((await api.run(id)).state).toBe('succeeded');
  const book = new NotebookPage(page);
  await book.open(id);
  const cell = book.cell('dr_ahead');
  await cell.scrollIntoViewIfNeeded();
  const moves = cell.getByRole('table', { name: 'What moves sold' });
  await expect(moves.getByRole('row').last()).toContainText(/price-1[12]/, { timeout: 30_000 });
  await expect(cell.getByRole('img', { name: /sold.*as planned.*mine/s })).toBeVisible();

  await cell.click();
  await expect(cell.getByRole('textbox', { name: 'What drives it, known ahead' })).toHaveValue('price');
  await expect(cell.getByRole('combobox', { name: 'Scenarios, told by' })).toHaveValue('scenario');

  const input = book.cell('dr_change').getByRole('slider', { name: 'Price' });
  await input.focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  await book.cell('dr_change').getByRole('button', { name: 'Make it the default' }).click();
  await page.getByRole('button', { name: 'Run', exact: true }).first().click();
  const apart = book.cell('dr_apart');
  await apart.scrollIntoViewIfNeeded();
  await expect(apart.getByRole('gridcell', { name: /^-2[789]/ })).toBeVisible({ timeout: 30_000 });

  await page.goto('/models/dr_ahead');
  await expect(page.getByRole('table', { name: 'What moves sold' })).toBeVisible();
  const back = page.getByRole('table', { name: /^Back-test/ });
  await expect(back.getByRole('row').last()).toContainText('%');
});
