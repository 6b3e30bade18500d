import { expect, test } from './fixtures.ts';
import { NotebookPage } from './pages/notebook.ts';

const people = `
\`\`\`sql ln_people
select i as person_id, ((i * 7919) % 9000) / 7.0 as income, (18 + (i * 104729) % 50)::integer as age,
  case (i * 31) % 3 when 0 then 'car' when 1 then 'house' else 'study' end as purpose,
  case when i % 9 > 0 then i % 5 = 0 end as married,
  (i * 7919) % 9000 + 100 * ((i * 104729) % 50) + (i * 15485863) % 3000 < 6000 as defaulted,
  exp((i * 7919) % 9000 / 3000.0) + (i * 104729) % 50 as spends
from range(1500) t(i)
\`\`\`
`;
const cells: Readonly<Record<string, string>> = {
  ln_forest: 'task: classification\ntarget: defaulted\nalgorithm: random_forest\nparams: { trees: 20 }',
  ln_forest_of_numbers: 'task: regression\ntarget: spends\nalgorithm: random_forest\nparams: { trees: 20 }',
  ln_boosted_classes: 'task: classification\ntarget: purpose\nalgorithm: gradient_boosting\nparams: { trees: 10 }',
  ln_logistic: 'task: classification\ntarget: defaulted\nalgorithm: logistic_regression',
  ln_logistic_classes: 'task: classification\ntarget: purpose\nalgorithm: logistic_regression',
  ln_linear: 'task: regression\ntarget: spends\nalgorithm: linear_regression',
  ln_groups: 'task: clustering\nfeatures: [income, age, spends]\nalgorithm: kmeans\nparams: { clusters: 4 }',
};
const modelCell = ([name, body]: [string, string]) => `
\`\`\`model ${name}
${body.replace('\n', '\nfrom: ln_people\n')}
\`\`\`
`;

test('every learner makes in the page, to the byte, what a run makes', async ({ page, api }) => {
  test.slow();
  const id = await api.importNotebook('Learners', people + Object.entries(cells).map(modelCell).join(''));
  const notebook = new NotebookPage(page);
  await notebook.open(id);
  const inPage: Record<string, string | null> = {};
  for (const name of Object.keys(cells)) {
    const cell = notebook.cell(name);
    await cell.getByRole('button', { name: 'Train a preview' }).click();
    await expect(cell.getByText('Preview, not registered')).toBeVisible({ timeout: 60_000 });
    inPage[name] = await cell.getByText(/^sha256 /).getAttribute('title');
  }
  expect((await api.run(id)).state).toBe('succeeded');
  const ofRun: Record<string, string | undefined> = {};
  for (const name of Object.keys(cells)) {
    const { versions } = await api.get<{ versions: { sha256: string }[] }>(`/models/${name}`);
    ofRun[name] = versions[0]?.sha256;
  }
  expect(inPage).toEqual(ofRun);
});
