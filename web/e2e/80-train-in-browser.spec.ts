import AxeBuilder from '@axe-core/playwright';
import { expect, test } from './fixtures.ts';
import { NotebookPage } from './pages/notebook.ts';

const loans = (count: number) => `
\`\`\`sql tb_loans
select i as loan_id, (1000 + (i * 7919) % 9000)::integer as income, (18 + (i * 104729) % 50)::integer as age,
  case (i * 31) % 3 when 0 then 'car' when 1 then 'house' else 'study' end as purpose,
  case when i % 9 > 0 then i % 5 = 0 end as married, (date '2024-01-01' + (i % 365)::integer) as asked_on,
  (i * 7919) % 9000 + 100 * ((i * 104729) % 50) < 5000 as defaulted
from range(${count}) t(i)
\`\`\`
`;
const model = (params: string) => `
\`\`\`model tb_risk
task: classification
from: tb_loans
target: defaulted
algorithm: gradient_boosting
params: ${params}
\`\`\`
`;
interface Told {
  readonly versions: readonly { readonly sha256: string }[];
}

test('a model is trained in the page, with its curve, and is to the byte the one that a run then makes', async ({
  page,
  api,
}) => {
  const id = await api.importNotebook('Trained here', loans(3000) + model('{ trees: 30, early_stopping: 5 }'));
  const notebook = new NotebookPage(page);
  await notebook.open(id);
  const cell = notebook.cell('tb_risk');
  await cell.getByRole('button', { name: 'Train a preview' }).click();
  await expect(cell.getByText('Preview, not registered')).toBeVisible({ timeout: 60_000 });
  await expect(cell.getByText(/3,000 rows in .* s, in this browser; a run makes the same model/)).toBeVisible();
  await expect(cell.getByText(/learned from 2,?400 rows, tested on 600/)).toBeVisible();
  await expect(cell.getByRole('table', { name: 'Actual and predicted' })).toBeVisible();
  await expect(cell.getByRole('region', { name: 'Train a preview' }).getByText('AUC')).toBeVisible();
  expect((await api.get<{ name: string }[]>('/models')).map(({ name }) => name)).not.toContain('tb_risk');

  const sha256 = await cell.getByText(/^sha256 /).getAttribute('title');
  await notebook.run.click();
  await expect(cell.getByText('version 1')).toBeVisible({ timeout: 60_000 });
  const { versions } = await api.get<Told>('/models/tb_risk');
  expect(versions[0]?.sha256).toBe(sha256);
});

test('a training in the page is cancelled, more rows are sampled, and what is wrong with the cell is said', async ({
  page,
  api,
}) => {
  const id = await api.importNotebook('Trained here', loans(60_000) + model('{ trees: 2000, early_stopping: 0 }'));
  const notebook = new NotebookPage(page);
  await notebook.open(id);
  const cell = notebook.cell('tb_risk');
  await cell.getByRole('button', { name: 'Train a preview' }).click();
  await expect(cell.getByText(/Training, [1-9]/)).toBeVisible({ timeout: 60_000 });
  await cell.getByRole('button', { name: 'Cancel' }).click();
  await expect(cell.getByRole('button', { name: 'Train a preview' })).toBeVisible();
  await expect(cell.getByText('Preview, not registered')).toBeHidden();

  await cell.getByRole('textbox', { name: 'trees' }).fill('5');
  await cell.getByRole('textbox', { name: 'trees' }).press('Tab');
  await expect.poll(() => api.exportNotebook(id)).toContain('trees: 5');
  await cell.getByRole('button', { name: 'Train a preview' }).click();
  await expect(cell.getByText(/a sample of 20,000 of 60,000 rows/)).toBeVisible({ timeout: 60_000 });

  await cell.getByLabel('Features').fill('incom');
  await cell.getByLabel('Features').press('Tab');
  await expect(cell.getByText('The cell was changed since: train again.')).toBeVisible();
  await cell.getByRole('button', { name: 'Train again' }).click();
  await expect(cell.getByText('did you mean `income`?')).toBeVisible({ timeout: 60_000 });
});

const leaking = `
\`\`\`sql tb_repaid
select * replace (purpose || case when defaulted then ' lost' else '' end as purpose) from tb_loans
\`\`\`
`;

test('a feature that is the answer is pointed out in the language of the reader, to a run too', async ({ join }) => {
  const { page, api } = await join('Talita', 'editor');
  await api.request.patch('/api/v1/me', { data: { locale: 'pt-BR' } });
  const cells =
    (loans(1000) + leaking).replaceAll('tb_loans', 'tb_lent') +
    model('{ trees: 10 }').replace('tb_risk', 'tb_leak').replace('tb_loans', 'tb_repaid');
  const id = await api.importNotebook('Vazamento', cells);
  await page.goto(`/notebooks/${id}`);
  const note = page.getByText('`purpose` sozinho separa as classes: confira se ele é conhecido antes da resposta');
  const section = page.getByRole('region', { name: 'Treinar uma prévia' });
  await section.getByRole('button', { name: 'Treinar uma prévia' }).click();
  await expect(section.getByText('Prévia, não registrada')).toBeVisible({ timeout: 60_000 });
  await expect(section.locator(note)).toBeVisible();
  await expect(section.getByText('`loan_id` é diferente em cada linha')).toBeVisible();
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    const { violations } = await new AxeBuilder({ page }).include('section.training').analyze();
    expect(violations.map(({ id: rule, nodes }) => [rule, nodes.map(({ html }) => html)])).toEqual([]);
  }
  expect((await api.run(id)).state).toBe('succeeded');
  await page.goto('/models/tb_leak');
  await expect(note).toBeVisible();
});
