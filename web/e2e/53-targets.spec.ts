import { expect, test } from './fixtures.ts';
import { NotebookPage } from './pages/notebook.ts';

const cells = `
\`\`\`sql e2e_sent
---
layer: gold
---
select 1 as id, 'a' as name
\`\`\`
`;

test('a target of a cell is said in a form and stands in its text', async ({ page, api }) => {
  await api.put('/connections/e2e_broker', { type: 'kafka', config: { brokers: 'broker.example.com:9092' } });
  const id = await api.importNotebook('Sent elsewhere', cells);
  const notebook = new NotebookPage(page);
  await notebook.open(id);
  const cell = notebook.cell('e2e_sent');
  await cell.getByRole('button', { name: 'More' }).click();
  await page.getByRole('menuitem', { name: 'Settings' }).click();
  await cell.getByRole('button', { name: 'Add a target' }).click();
  const target = cell.getByRole('group', { name: 'Target: Kafka topic' });
  await target.getByLabel('Topic').fill('e2e.sent');
  await target.getByLabel('Topic').press('Tab');
  await expect(target.getByText('Not in the cell yet. Still to say: Connection.')).toBeVisible();
  expect(await api.exportNotebook(id)).not.toContain('export');
  await target.getByLabel('Connection').selectOption('e2e_broker');
  await expect.poll(() => api.exportNotebook(id)).toContain('connection: e2e_broker');
  await target.getByLabel('What is sent').selectOption({ label: 'changes and deletions' });
  await target.getByLabel('Key columns').fill('id');
  await target.getByLabel('Key columns').press('Tab');
  await expect.poll(() => api.exportNotebook(id)).toContain('mode: mirror');
  const text = await api.exportNotebook(id);
  expect(text).toContain('topic: e2e.sent');
  expect(text).toContain('key: id');
  await target.getByRole('button', { name: 'Remove the target' }).click();
  await expect.poll(() => api.exportNotebook(id)).not.toContain('export');
});

test('schemas that producers register are on the page of streams', async ({ page, api }) => {
  const schema = JSON.stringify({ type: 'record', name: 'E2e', fields: [{ name: 'id', type: 'long' }] });
  await api.post('/registry/subjects/e2e-value/versions', { schema });
  await page.goto('/streams');
  await expect(page.getByRole('heading', { name: 'Schema registry' })).toBeVisible();
  await page.getByText('e2e-value').click();
  await expect(page.getByText('"name": "E2e"')).toBeVisible();
  const rule = page.getByLabel('What new versions have to keep');
  await expect(rule).toHaveValue('');
  await rule.selectOption({ label: 'both, with the last one (FULL)' });
  await expect(page.getByText(/, FULL,/)).toBeVisible();
  const lost = JSON.stringify({ type: 'record', name: 'E2e', fields: [{ name: 'other', type: 'long' }] });
  const refused = await page.request.post('/api/v1/registry/subjects/e2e-value/versions', { data: { schema: lost } });
  expect(refused.status()).toBe(409);
  await rule.selectOption({ index: 0 });
  await expect(page.getByText(/, FULL,/)).toBeHidden();
});
