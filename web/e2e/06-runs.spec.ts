import { expect, test } from './fixtures.ts';
import { NotebookPage } from './pages/notebook.ts';

const steps = `
\`\`\`source shop
type: simulator
template: ecommerce_orders
rows: 1000
seed: 7
\`\`\`

\`\`\`sql runs_paid
select * from shop where quantity > 1
\`\`\`

\`\`\`sql runs_total
---
layer: gold
---
select count(*) as orders, sum(quantity) as items from runs_paid
\`\`\`
`;

/** Takes seconds, without memory or files. */
const slow = (name: string) => `
\`\`\`sql ${name}
select sum(hash(a.range)) as total from range(150000000) a
\`\`\`
`;
const endless = (name: string) => `
\`\`\`sql ${name}
select count(*) as n from range(10000000) a, range(10000000) b where hash(a.range, b.range) = 7
\`\`\`
`;

test.describe('runs', () => {
  test('a run publishes every table, and the next one skips what is fresh', async ({ page, api }) => {
    const id = await api.importNotebook('Runs', steps);
    const notebook = new NotebookPage(page);
    await notebook.open(id);
    await notebook.run.click();
    await notebook.expectRun('succeeded, 3 of 3 tasks');
    for (const name of ['shop', 'runs_paid', 'runs_total']) await notebook.expectState(name, 'Fresh');

    const [total] = await api.query('select orders, items from gold.runs_total');
    const [paid] = await api.query('select count(*) as n from silver.runs_paid');
    expect(total?.['orders']).toBe(paid?.['n']);
    await notebook.cell('runs_paid').scrollIntoViewIfNeeded();
    await expect(notebook.cell('runs_paid')).toContainText(`${String(paid?.['n'])} rows published`);

    const [first] = await api.get<{ runId: string }[]>(`/notebooks/${id}/runs`);
    await notebook.run.click();
    await expect
      .poll(async () => (await api.get<{ runId: string }[]>(`/notebooks/${id}/runs`))[0]?.runId)
      .not.toBe(first?.runId);
    const [second] = await api.get<{ runId: string }[]>(`/notebooks/${id}/runs`);
    const report = await api.finished(second?.runId ?? '');
    expect(report.tasks.map((task) => [task.cell, task.state, task.reason])).toEqual([
      ['shop', 'skipped', 'fresh'],
      ['runs_paid', 'skipped', 'fresh'],
      ['runs_total', 'skipped', 'fresh'],
    ]);
    await page.goto(`/runs/${report.runId}`);
    await expect(page.getByRole('main').getByText('already fresh')).toHaveCount(3);
  });

  test('a run goes on when the tab is closed', async ({ page, api, context }) => {
    const id = await api.importNotebook('Closed tab', slow('closed_tab'));
    await api.request.patch(`/api/v1/notebooks/${id}`, { data: { autoRun: false } });
    const notebook = new NotebookPage(page);
    await notebook.open(id);
    await notebook.run.click();
    await notebook.expectState('closed_tab', 'Running');
    await page.close();

    const [run] = await api.get<{ runId: string }[]>(`/notebooks/${id}/runs`);
    expect((await api.finished(run?.runId ?? '')).state).toBe('succeeded');
    const again = new NotebookPage(await context.newPage());
    await again.open(id);
    await again.expectState('closed_tab', 'Fresh');
  });

  test('cancel stops the work within five seconds', async ({ page, api }) => {
    const id = await api.importNotebook('Cancelled', endless('cancelled_work'));
    await api.request.patch(`/api/v1/notebooks/${id}`, { data: { autoRun: false } });
    const notebook = new NotebookPage(page);
    await notebook.open(id);
    await notebook.run.click();
    await notebook.expectState('cancelled_work', 'Running');
    await notebook.cancelRun.click();
    await expect(notebook.cell('cancelled_work', 'Running')).toBeHidden({ timeout: 5_000 });
    await notebook.expectRun(/^cancelled, /, 5_000);
    await expect(notebook.run).toBeEnabled();
  });

  test('another person sees the run as it happens', async ({ api, page, join }) => {
    const id = await api.importNotebook('Seen by two', slow('seen_by_two'));
    await api.request.patch(`/api/v1/notebooks/${id}`, { data: { autoRun: false } });
    const notebook = new NotebookPage(page);
    await notebook.open(id);
    const viewer = await join('Vera Lima', 'viewer');
    const theirs = new NotebookPage(viewer.page);
    await theirs.open(id);
    await theirs.expectState('seen_by_two', 'Not run yet');
    await notebook.run.click();
    await theirs.expectState('seen_by_two', 'Running');
    await theirs.expectState('seen_by_two', 'Fresh', 45_000);
    await expect(theirs.cell('seen_by_two')).toContainText('1 row published');
  });

  test('a failed cell says why and holds up only what reads it', async ({ api, page }) => {
    const id = await api.importNotebook(
      'Failing',
      `
\`\`\`sql fails_here
select cast('abc' as integer) as n
\`\`\`

\`\`\`sql waits_here
select n + 1 as m from fails_here
\`\`\`

\`\`\`sql goes_on
select 42 as answer
\`\`\`
`,
    );
    const notebook = new NotebookPage(page);
    await notebook.open(id);
    await notebook.run.click();
    await notebook.expectState('fails_here', 'Failed');
    await notebook.expectState('goes_on', 'Fresh');
    await notebook.expectState('waits_here', 'Blocked');
    await expect(notebook.cell('fails_here').getByText(/'abc'/).first()).toBeVisible();
    await expect(notebook.cell('waits_here')).toContainText('waits for fails_here');
  });
});
