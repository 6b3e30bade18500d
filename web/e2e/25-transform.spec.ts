import { expect, test } from './fixtures.ts';
import { NotebookPage } from './pages/notebook.ts';

const data = (p: string) => `
\`\`\`sql ${p}_raw
select * from (values
  (1, ' Ana ', '529.982.247-25', 10), (1, ' Ana ', '529.982.247-25', 10),
  (2, 'Beto', '111.444.777-35', 20), (3, 'Caio', '935.411.347-80', -5)
) t(id, name, cpf, amount)
\`\`\`

\`\`\`transform ${p}_clean
from: ${p}_raw
steps:
  - filter: amount > 0
\`\`\`
`;

test.describe('steps without code', () => {
  test('are added from what the rows show, edited, moved by key, counted, and publish a table', async ({
    page,
    api,
  }) => {
    const id = await api.importNotebook('Steps', data('tr'));
    const notebook = new NotebookPage(page);
    await notebook.open(id);
    const cell = notebook.cell('tr_clean');
    await cell.scrollIntoViewIfNeeded();
    await expect(cell.getByText('4 → 3 rows')).toBeVisible();
    await cell.getByRole('button', { name: '1 duplicate row — remove' }).click();
    await expect(cell.getByText('3 → 2 rows')).toBeVisible();
    await cell.getByRole('button', { name: 'cpf: CPF numbers — standardize' }).click();
    await expect(cell.getByText('52998224725')).toBeVisible();
    const third = cell.getByRole('button', { name: /^Step 3: Standardize/ });
    await third.focus();
    await page.keyboard.press('Alt+ArrowUp');
    await expect(cell.getByRole('listitem', { name: 'Step 2: Standardize' })).toBeVisible();
    await cell.getByLabel('Condition').fill('amount > 15');
    await cell.getByLabel('Condition').press('Tab');
    await expect(cell.getByText('4 → 1 rows')).toBeVisible();
    await api.run(id);
    expect(await api.query('select id, cpf from silver.tr_clean')).toEqual([{ id: 2, cpf: '11144477735' }]);
  });

  test('show their SQL, which becomes a cell of its own and comes back as the same steps', async ({ page, api }) => {
    const id = await api.importNotebook('To SQL', data('ts'));
    const notebook = new NotebookPage(page);
    await notebook.open(id);
    const cell = notebook.cell('ts_clean');
    await cell.scrollIntoViewIfNeeded();
    await cell.getByRole('radio', { name: 'SQL' }).click();
    await expect(cell.getByText('"1 filter"').first()).toBeVisible();
    await cell.getByRole('button', { name: 'Convert to SQL' }).click();
    await expect(notebook.cell('ts_clean_sql')).toBeVisible();
    await expect(notebook.saved).toContainText(/^\s*Saved/);
    await api.run(id);
    expect(await api.query('select count(*)::int as n from silver.ts_clean_sql')).toEqual([{ n: 3 }]);
  });
});
