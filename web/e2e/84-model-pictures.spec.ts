/** Pictures of models that can be read: a forecast keeps its place, and names of many values do not lie on each other. */
import { expect, test } from './fixtures.ts';
import { NotebookPage } from './pages/notebook.ts';

const ahead = `
\`\`\`sql mp_months
select (date '2012-01-01' + to_months(i::integer))::date as month, (100 + i * 2) * (1 + 0.2 * sin(i * pi() / 6)) as sold
from range(96) t(i)
\`\`\`

\`\`\`model mp_ahead
task: forecast
from: mp_months
time_column: month
target: sold
horizon: 12
\`\`\`

What stands below it.
`;

test('what stands below a forecast does not move when its rows come, and each origin of its test is told', async ({
  page,
  api,
}) => {
  const id = await api.importNotebook('Ahead', ahead);
  expect((await api.run(id)).state).toBe('succeeded');
  let come = () => {};
  const held = new Promise<void>((resolve) => (come = resolve));
  await page.route('**/api/v1/query', async (route) => {
    await held;
    await route.continue();
  });
  const notebook = new NotebookPage(page);
  await notebook.open(id);
  const cell = notebook.cell('mp_ahead');
  await expect(cell.getByText('version 1')).toBeVisible({ timeout: 30_000 });
  const below = page.getByRole('region', { name: 'prose, What stands below it.' });
  await below.scrollIntoViewIfNeeded();
  await expect(cell.locator('[aria-busy="true"]')).toHaveCount(1);
  await expect(cell.getByRole('grid')).toBeVisible();
  const fromTop = async () => {
    const [own, other] = [await cell.boundingBox(), await below.boundingBox()];
    return Math.round((other?.y ?? 0) - (own?.y ?? 0));
  };
  const before = await fromTop();
  come();
  await expect(cell.getByRole('img', { name: /Forecast/ })).toBeVisible();
  expect(Math.abs((await fromTop()) - before)).toBeLessThanOrEqual(2);

  const tested = cell.getByRole('table', { name: 'Back-test: 12 steps from each origin' });
  await expect(tested.getByRole('row')).toHaveCount(5);
  await expect(tested.getByRole('rowheader').last()).toHaveText('after 84 steps');
  await expect(tested.getByRole('row').last()).toContainText('%');
});

const loans = `
\`\`\`sql mp_loans
select i as loan_id, (1000 + hash(i) % 9000)::integer as income, 'purpose number ' || (hash(i + 3) % 18) as purpose,
  hash(i) % 9000 + 400 * (hash(i + 3) % 18) < 7000 as defaulted from range(1500) t(i)
\`\`\`

\`\`\`model mp_risk
task: classification
from: mp_loans
target: defaulted
features: [income, purpose]
algorithm: random_forest
params: { trees: 10, depth: 6 }
promote: { metric: auc }
\`\`\`
`;

for (const [device, width] of [
  ['a screen', 1440],
  ['a phone', 360],
] as const)
  test(`a feature of many values has a line for each that is drawn, on ${device}`, async ({ page, api }) => {
    const id = await api.importNotebook('Many values', loans.replaceAll('mp_', `mp${width}_`));
    expect((await api.run(id)).state).toBe('succeeded');
    await page.setViewportSize({ width, height: 800 });
    await page.goto(`/models/mp${width}_risk`);
    const purpose = page.getByRole('article', { name: 'purpose', exact: true });
    await expect(purpose.getByText('8 of 16')).toBeVisible();
    const [said, lay] = await purpose.getByRole('img').all();
    const heights = await Promise.all([said, lay].map(async (each) => (await each?.boundingBox())?.height ?? 0));
    expect(heights[0]).toBeGreaterThanOrEqual(8 * 16);
    expect(heights[1]).toBeGreaterThanOrEqual(9 * 16);
    await purpose.getByText('purpose as a table').click();
    await expect(purpose.getByRole('row')).toHaveCount(17);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
  });

test('a promotion by rule is in the audit with its run, and who may not promote is not offered to', async ({
  page,
  api,
  join,
}) => {
  const cells = loans.replaceAll('mp_', 'mpr_');
  const id = await api.importNotebook('By rule', cells.replace('trees: 10, depth: 6', 'trees: 1, depth: 1'));
  expect((await api.run(id)).state).toBe('succeeded');
  const notebook = new NotebookPage(page);
  await notebook.open(id);
  const cell = notebook.cell('mpr_risk');
  await cell.getByText('version 1').click();
  await cell.getByRole('textbox', { name: 'trees' }).fill('20');
  await cell.getByRole('textbox', { name: 'depth' }).fill('8');
  await cell.getByRole('textbox', { name: 'depth' }).press('Tab');
  await expect.poll(() => api.exportNotebook(id)).toContain('depth: 8');
  expect((await api.run(id)).state).toBe('succeeded');
  await page.goto('/audit');
  await page.getByLabel('What').fill('mpr_risk');
  const entry = page.getByRole('row').filter({ hasText: 'model-promote' });
  await expect(entry).toContainText('promotion rule');
  await expect(entry).toContainText(/run run_\w+, version 2, replaced 1/);

  await page.goto('/models/mpr_risk');
  const versions = (of: typeof page) => of.getByRole('region', { name: 'Versions' });
  await expect(versions(page).getByRole('button', { name: 'Make champion' })).toBeVisible();
  const reader = await join('Rita', 'viewer');
  await reader.page.goto('/models/mpr_risk');
  await expect(versions(reader.page).getByRole('row').filter({ hasText: 'version 2' })).toContainText('champion');
  await expect(versions(reader.page).getByRole('button', { name: 'Make champion' })).toHaveCount(0);
});

test('who writes numbers with a comma is understood, in the form of a cell and where a model is tried', async ({
  api,
  join,
}) => {
  const id = await api.importNotebook('Com vírgula', loans.replaceAll('mp_', 'mpc_'));
  expect((await api.run(id)).state).toBe('succeeded');
  const { page, api: own } = await join('Clara', 'editor');
  await own.request.patch('/api/v1/me', { data: { locale: 'pt-BR' } });
  await page.goto('/models/mpc_risk');
  const trying = page.getByRole('region', { name: 'Experimentar' });
  await trying.getByLabel('income').fill('1234,5');
  await trying.getByRole('button', { name: 'Prever' }).click();
  await expect(trying.getByText('income 1.234,5')).toBeVisible();
  await trying.getByLabel('income').fill('muito');
  await trying.getByRole('button', { name: 'Prever' }).click();
  await expect(trying.getByRole('alert')).toContainText('"income" espera um número');
  await expect(trying.getByText('income 1.234,5')).toHaveCount(0);

  await page.goto(`/notebooks/${id}`);
  const cell = page.getByRole('region', { name: /^model mpc_risk,|^modelo mpc_risk,/ });
  await cell.getByText('versão 1').click();
  await cell.getByLabel('Testado em').fill('0,3');
  await cell.getByLabel('Testado em').press('Tab');
  await expect.poll(() => api.exportNotebook(id)).toContain('split: { test: 0.3 }');
  await expect(cell.getByLabel('Testado em')).toHaveValue('0,3');
});

const batch = `
\`\`\`transform mpb_scored
from: mpb_loans
steps:
  - predict: mpb_risk
  - filter: income > 5000
\`\`\`
`;

test('steps that ask a model say how many rows each leaves, as all others do', async ({ page, api }) => {
  const id = await api.importNotebook('Batch', loans.replaceAll('mp_', 'mpb_') + batch);
  expect((await api.run(id)).state).toBe('succeeded');
  const refused: string[] = [];
  page.on('response', (answer) => {
    if (answer.url().endsWith('/preview') && !answer.ok()) refused.push(`${answer.status()}`);
  });
  const notebook = new NotebookPage(page);
  await notebook.open(id);
  const cell = notebook.cell('mpb_scored');
  await cell.scrollIntoViewIfNeeded();
  await expect(cell.getByText(/^1,500 → [1-9]\d{2} rows$/)).toBeVisible({ timeout: 30_000 });
  expect(refused).toEqual([]);
});
