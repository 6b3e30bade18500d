import type { CellId } from '@datacraft/shared';
import { tableFromIPC } from 'apache-arrow';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { attachEngine } from '../attach.ts';
import type { TestServer, Visitor } from '../testing/test-server.ts';
import { startTestServer } from '../testing/test-server.ts';

let test: TestServer;
let owner: Visitor;
beforeAll(async () => {
  test = await startTestServer({}, { attach: attachEngine });
  owner = await test.owner();
});
afterAll(() => test.close());

const TEXT = `---
datacraft: 1
title: Star
---

\`\`\`sql dim_p
---
layer: gold
materialize: dimension
scd: 2
unique_key: id
sequence_by: since
---
select * from (values (7, 'SP', date '2025-01-01'), (7, 'RJ', date '2025-03-01'), (8, 'BH', date '2025-01-01')) t(id, city, since)
\`\`\`

\`\`\`sql fact_p
---
layer: gold
materialize: fact
dimensions: { id: dim_p }
time_column: day
unique_key: n
---
select * from (values (1, 7, date '2025-02-01'), (2, 7, date '2025-04-01'), (3, 9, date '2025-04-01'), (4, null, date '2025-04-01')) t(n, id, day)
\`\`\`
`;

it('a dimension and a fact that never ran are previewed as their first run makes them, also while they are typed', async () => {
  const { json } = await owner.call('POST', '/notebooks/import', TEXT, { 'content-type': 'text/markdown' });
  const { cells } = await test.server.deps.rooms.notebook(json.id);
  const [dim, fact] = cells;
  if (!dim || !fact) throw new Error('the notebook has two cells');
  const shown = async (cellId: CellId, body: object) => {
    const response = await fetch(`${test.origin}/api/v1/notebooks/${json.id}/preview`, {
      method: 'POST',
      headers: { cookie: owner.cookie, 'content-type': 'application/json', origin: test.origin },
      body: JSON.stringify({ cellId, ...body }),
    });
    expect(response.status).toBe(200);
    const table = tableFromIPC(new Uint8Array(await response.arrayBuffer()));
    return table.toArray().map((row) => Object.values(row.toJSON() as Record<string, unknown>).map(String));
  };
  const byKey = (rows: string[][]) => rows.toSorted((a, b) => Number(a[0]) - Number(b[0]));

  const dimension = byKey(await shown(dim.id, { source: dim.source }));
  expect(dimension.map(([key, id, city]) => [key, id, city])).toEqual([
    ['-1', 'null', 'null'],
    ['1', '7', 'SP'],
    ['2', '7', 'RJ'],
    ['3', '8', 'BH'],
  ]);
  const facts = byKey(await shown(fact.id, { source: fact.source }));
  expect(facts.map((row) => [row[0], row.at(-1)])).toEqual([
    ['1', '1'],
    ['2', '2'],
    ['3', '-1'],
    ['4', '-1'],
  ]);
  const typed = fact.source.replace("(3, 9, date '2025-04-01'), ", '');
  expect(byKey(await shown(fact.id, { source: typed })).map((row) => row.at(-1))).toEqual(['1', '2', '-1']);
  expect(await shown(dim.id, { selection: dim.source })).toHaveLength(3);

  const { runId } = (await owner.call('POST', `/notebooks/${json.id}/runs`, {})).json;
  await expect
    .poll(async () => (await owner.call('GET', `/runs/${runId}`)).json.state, { timeout: 60_000 })
    .toBe('succeeded');
  const ran = async (name: string) => {
    const { rows } = (await owner.call('POST', '/query', { sql: `from gold.${name}` })).json as { rows: object[] };
    return byKey(rows.map((row) => Object.values(row).map(String)));
  };
  expect((await ran('dim_p')).map((row) => row.slice(0, 3))).toEqual(dimension.map((row) => row.slice(0, 3)));
  expect((await ran('fact_p')).map((row) => [row[0], row.at(-1)])).toEqual(facts.map((row) => [row[0], row.at(-1)]));
});
