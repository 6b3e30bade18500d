import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PlanNode } from '@datacraft/shared';
import { attachEngine } from '../attach.ts';
import type { TestServer, Visitor } from '../testing/test-server.ts';
import { startTestServer } from '../testing/test-server.ts';

let test: TestServer;
let owner: Visitor;
let notebookId: string;
beforeAll(async () => {
  test = await startTestServer({}, { attach: attachEngine });
  owner = await test.owner();
  const text =
    '---\ndatacraft: 1\ntitle: T\n---\n\n```sql numbers\nselect range as n, range % 7 as k from range(5000)\n```\n';
  notebookId = (await owner.call('POST', '/notebooks/import', text, { 'content-type': 'text/markdown' })).json.id;
  const { json } = await owner.call('POST', `/notebooks/${notebookId}/runs`, {});
  while ((await owner.call('GET', `/runs/${json.runId}`)).json.finishedAt === null) await sleep(50);
});
afterAll(() => test.close());

const query = {
  name: 'By seven',
  sql: 'select k, count(*) as n from silver.numbers where n >= $least group by k',
  params: { least: 100 },
};
const nodes = (node: PlanNode): PlanNode[] => [node, ...node.children.flatMap(nodes)];

describe('the SQL room', () => {
  it('tells what a query did, with rows of each operator and no file of the server', async () => {
    const { status, json, text } = await owner.call('POST', '/query/plan', { sql: query.sql, params: { least: 100 } });
    expect(status).toBe(200);
    const all = nodes(json.root);
    expect(all.find(({ operator }) => operator.includes('GROUP_BY'))?.rows).toBe(7);
    expect(all.some(({ scanned }) => scanned === 5000)).toBe(true);
    expect(json.ms).toBeGreaterThan(0);
    expect(text).not.toMatch(/\.parquet|\/tmp|lake/);
    expect((await owner.call('POST', '/query/plan', { sql: "select * from read_csv('/etc/passwd')" })).status).toBe(
      403,
    );
    expect((await owner.call('POST', '/query/plan', { sql: 'drop table x' })).status).toBe(422);
  });

  it('saves queries for the workspace: runners save, authors and editors change, others read', async () => {
    const runner = await test.member('runner');
    const viewer = await test.member('viewer');
    expect((await viewer.call('POST', '/queries', query)).status).toBe(403);
    const { json } = await runner.call('POST', '/queries', query);
    expect((await viewer.call('GET', '/queries')).json).toMatchObject([
      { name: 'By seven', params: { least: 100 }, mine: false },
    ]);
    expect((await viewer.call('DELETE', `/queries/${json.id}`)).status).toBe(403);
    const other = await test.member('runner');
    expect((await other.call('PUT', `/queries/${json.id}`, query)).status).toBe(403);
    expect((await owner.call('PUT', `/queries/${json.id}`, { ...query, name: 'By 7' })).status).toBe(204);
    expect((await runner.call('GET', '/queries')).json).toMatchObject([{ name: 'By 7', mine: true }]);
    expect((await owner.call('POST', '/queries', { ...query, sql: 'select from' })).status).toBe(422);

    await owner.call('PATCH', `/notebooks/${notebookId}/sharing`, { access: 'invited' });
    expect((await viewer.call('GET', '/queries')).json).toEqual([]);
    expect((await owner.call('GET', '/queries')).json).toHaveLength(1);
    await owner.call('PATCH', `/notebooks/${notebookId}/sharing`, { access: 'workspace' });
    expect((await runner.call('DELETE', `/queries/${json.id}`)).status).toBe(204);
  });

  it('keeps tabs and history of each person, for that person alone', async () => {
    const viewer = await test.member('viewer');
    expect((await viewer.call('GET', '/me/sql/tabs')).json).toBe(null);
    const tabs = { tabs: [{ id: 'a', name: '', sql: 'select $x', params: { x: 'y' } }], active: 'a' };
    expect((await viewer.call('PUT', '/me/sql/tabs', tabs)).status).toBe(204);
    expect((await viewer.call('GET', '/me/sql/tabs')).json).toEqual(tabs);
    for (const sql of ['select 1', 'select 2', 'select 1'])
      await viewer.call('POST', '/me/sql/history', { sql, params: {}, ms: 1.5, rows: 1, failed: false });
    expect((await viewer.call('GET', '/me/sql/history')).json.map((each: { sql: string }) => each.sql)).toEqual([
      'select 1',
      'select 2',
    ]);
    expect((await owner.call('GET', '/me/sql/history')).json).toEqual([]);
    await viewer.call('DELETE', '/me/sql/history');
    expect((await viewer.call('GET', '/me/sql/history')).json).toEqual([]);
    expect((await test.anonymous().call('GET', '/me/sql/tabs')).status).toBe(401);
  });

  it('gives all rows as a file, and makes a query a cell with inputs', async () => {
    const ask = (format: string) =>
      fetch(`${test.origin}/api/v1/query/download`, {
        method: 'POST',
        headers: { cookie: owner.cookie, origin: test.origin, 'content-type': 'application/json' },
        body: JSON.stringify({
          sql: 'select n from silver.numbers where n < $most order by n',
          params: { most: 3 },
          format,
        }),
      });
    expect(await (await ask('csv')).text()).toBe('n\n0\n1\n2\n');
    expect(await (await ask('json')).text()).toBe('{"n":0}\n{"n":1}\n{"n":2}\n');
    expect(
      Buffer.from(await (await ask('parquet')).arrayBuffer())
        .subarray(0, 4)
        .toString(),
    ).toBe('PAR1');
    const { id } = (await owner.call('POST', '/notebooks', { title: 'New' })).json;
    const made = await owner.call('POST', `/notebooks/${id}/cells`, query);
    expect(made.status).toBe(400);
    const { name: _name, ...asCell } = query;
    expect((await owner.call('POST', `/notebooks/${id}/cells`, asCell)).json.name).toBe('query');
    expect((await owner.call('POST', `/notebooks/${id}/cells`, asCell)).json.name).toBe('query_2');
    const text = (await owner.call('GET', `/notebooks/${id}/export`)).text;
    expect(text).toContain('```input least\ntype: number\ndefault: 100\n```');
    expect(text.match(/```input/g)).toHaveLength(1);
    const viewer = await test.member('viewer');
    expect((await viewer.call('POST', `/notebooks/${id}/cells`, asCell)).status).toBe(403);
  });
});
