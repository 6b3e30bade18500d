import { setTimeout as sleep } from 'node:timers/promises';
import type { LineageGraph } from '@datacraft/shared';
import { setSource } from '@datacraft/shared/ydoc';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { attachEngine } from '../attach.ts';
import type { TestServer, Visitor } from '../testing/test-server.ts';
import { startTestServer } from '../testing/test-server.ts';

let test: TestServer;
let owner: Visitor;
let sales: string;
let report: string;
beforeAll(async () => {
  test = await startTestServer({}, { attach: attachEngine });
  owner = await test.owner();
  sales = await ran(
    "```sql orders\nselect range as id, range * 2.5 as amount, 'web' as channel from range(4)\n```\n\n```sql totals\n---\nlayer: gold\n---\nselect channel, sum(amount) as total from orders where id > 0 group by channel\n```\n",
  );
  report = await ran('```sql report\nselect total * 2 as twice from gold.totals\n```\n');
});
afterAll(() => test.close());

async function ran(text: string): Promise<string> {
  const { id } = (await owner.call('POST', '/notebooks/import', text, { 'content-type': 'text/markdown' })).json;
  const { runId } = (await owner.call('POST', `/notebooks/${id}/runs`)).json;
  for (;;) {
    const run = (await owner.call('GET', `/runs/${runId}`)).json;
    if (run.state === 'failed') throw new Error(JSON.stringify(run));
    if (run.state === 'succeeded') return id;
    await sleep(50);
  }
}

async function asked(path: string, who = owner): Promise<LineageGraph> {
  const { status, json } = await who.call('GET', path);
  expect([path, status]).toEqual([path, 200]);
  return json;
}

const keys = (graph: LineageGraph) => graph.nodes.map(({ key }) => key).sort();

describe('GET /notebooks/{id}/lineage of a branch', () => {
  it('is that of the branch, and its notebook plays no part in it', async () => {
    const branch = (await owner.call('POST', `/notebooks/${sales}/branches`, { name: 'Try' })).json.id as string;
    const cell = (await test.server.deps.rooms.notebook(branch)).cells.find(({ name }) => name === 'totals');
    if (!cell) throw new Error('there is no totals');
    const text = 'select channel, count(*) as sold from orders group by channel';
    await test.server.deps.rooms.change(branch, (doc) => setSource(doc, cell.id, text, 'server'), owner.me?.id ?? null);
    const columnsIn = async (id: string) =>
      (await asked(`/notebooks/${id}/lineage`)).nodes
        .filter(({ key }) => key === 'gold.totals')
        .map(({ notebookId, columns }) => [notebookId, columns.map(({ name }) => name)]);
    expect(await columnsIn(branch)).toEqual([[branch, ['channel', 'sold']]]);
    expect(await columnsIn(sales)).toEqual([[sales, ['channel', 'total']]]);
  });
});

describe('GET /lineage', () => {
  it('goes up and down from a column, across notebooks', async () => {
    expect(keys(await asked('/lineage?table=gold.totals&column=total'))).toEqual([
      'gold.totals',
      'silver.orders',
      'silver.report',
    ]);
    const up = await asked('/lineage?table=silver.report&column=twice&direction=up');
    expect(keys(up)).toEqual(['gold.totals', 'silver.orders', 'silver.report']);
    expect(up.links).toContainEqual({
      from: 'silver.orders',
      fromColumn: 'amount',
      to: 'gold.totals',
      toColumn: 'total',
      kind: 'direct',
      how: 'aggregate',
    });
    expect(keys(await asked('/lineage?table=silver.report&direction=down'))).toEqual(['silver.report']);
  });

  it('says which table or column is not there', async () => {
    expect((await owner.call('GET', '/lineage?table=gold.nothing')).json.code).toBe('not-found');
    expect((await owner.call('GET', '/lineage?table=gold.totals&column=x')).json.code).toBe('not-found');
    expect((await owner.call('GET', '/lineage?table=totals')).status).toBe(400);
    expect((await test.anonymous().call('GET', '/lineage?table=gold.totals')).status).toBe(401);
  });

  it('shows nothing of notebooks for invited people to others, nor their columns through a star', async () => {
    const outsider = await test.member('editor');
    await owner.call('PATCH', `/notebooks/${sales}/sharing`, { access: 'invited' });
    expect((await outsider.call('GET', '/lineage?table=gold.totals')).status).toBe(404);
    expect((await outsider.call('GET', `/notebooks/${sales}/lineage`)).status).toBe(404);
    const text = '```sql spy\nselect * from gold.totals\n```\n';
    const { id } = (await outsider.call('POST', '/notebooks/import', text, { 'content-type': 'text/markdown' })).json;
    const { text: answer } = await outsider.call('GET', `/notebooks/${id}/lineage`);
    expect(answer).not.toContain('channel');
    const up = await asked('/lineage?table=silver.report&direction=up', outsider);
    expect(keys(up)).toEqual(['gold.totals', 'silver.report']);
    await owner.call('PATCH', `/notebooks/${sales}/sharing`, { access: 'workspace' });
  });
});

describe('GET /notebooks/{id}/lineage', () => {
  it('is that of the draft, with its readers in other notebooks', async () => {
    const graph = await asked(`/notebooks/${sales}/lineage`);
    expect(keys(graph)).toEqual(['gold.totals', 'silver.orders', 'silver.report']);
    expect(graph.nodes.find(({ key }) => key === 'silver.report')?.notebookId).toBe(report);
  });
});
