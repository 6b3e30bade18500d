import { setTimeout as sleep } from 'node:timers/promises';
import type { CellId } from '@datacraft/shared';
import { setSource } from '@datacraft/shared/ydoc';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
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

let made = 0;
async function published(): Promise<{ id: string; name: string }> {
  const name = `prices_${++made}`;
  const text = `---\ndatacraft: 1\ntitle: ${name}\n---\n\n\`\`\`sql ${name}\n---\nexpect:\n  - not_null: [a]\n---\nselect 1 as a\n\`\`\`\n\n\`\`\`sql ${name}_sum\nselect sum(a) as total from ${name}\n\`\`\`\n`;
  const { id } = (await owner.call('POST', '/notebooks/import', text, { 'content-type': 'text/markdown' })).json;
  await ran(id);
  return { id, name };
}
async function ran(id: string): Promise<Record<string, string>> {
  const started = await owner.call('POST', `/notebooks/${id}/runs`, {});
  if (started.status >= 300) throw new Error(started.text);
  const { runId } = started.json as { runId: string };
  for (;;) {
    const { json } = await owner.call('GET', `/runs/${runId}`);
    if (json.state === 'succeeded')
      return Object.fromEntries(json.tasks.map((task: { cell: string; state: string }) => [task.cell, task.state]));
    if (json.state === 'failed') throw new Error(JSON.stringify(json));
    await sleep(40);
  }
}
const fork = async (id: string) =>
  (await owner.call('POST', `/notebooks/${id}/branches`, { name: 'Try' })).json.id as string;
const edit = async (id: string, name: string, source: string) => {
  const found = (await test.server.deps.rooms.notebook(id)).cells.find((cell) => cell.name === name);
  const cell = found?.id ?? ('none' as CellId);
  await test.server.deps.rooms.change(id, (doc) => setSource(doc, cell, source, 'server'), owner.me?.id ?? null);
};
const accept = async (branch: string, body: object = {}) =>
  (await owner.call('POST', `/notebooks/${branch}/branch/accept`, body)).json as { promoted: string[] };
const total = async (name: string) =>
  ((await owner.call('POST', '/query', { sql: `select total from silver.${name}_sum` })).json.rows as object[])[0];
const pointers = async (schema: string, name: string) =>
  (
    await test.server.deps.pool.query(
      `select r.name, r.snapshot_id, r.run_id, r.fingerprint, t.metadata_location from ${schema}.relations r
         join ${schema}.iceberg_tables t on t.table_name = r.name where r.name like $1 order by 1`,
      [`${name}%`],
    )
  ).rows as object[];

describe('accepting a branch', () => {
  it('makes its tables those of the notebook where a run would make the same, and the next run has nothing to do', async () => {
    const { id, name } = await published();
    const branch = await fork(id);
    await edit(branch, name, 'select 5 as a');
    await ran(branch);
    const of = await pointers(branch, name);
    expect((await accept(branch)).promoted).toEqual([`silver.${name}`, `silver.${name}_sum`]);
    expect(await total(name)).toEqual({ total: '5' });
    expect(await pointers('public', name)).toEqual(of);
    expect(await ran(id)).toEqual({ [name]: 'skipped', [`${name}_sum`]: 'skipped' });
    const checks = await owner.call('GET', `/tables/silver/${name}/snapshots`);
    expect(checks.status).toBe(200);
    const { rows } = await test.server.deps.pool.query(
      `select c.status, r.owner_key from checks c join relations r using (layer, name, run_id) where name = $1`,
      [name],
    );
    expect(rows).toEqual([{ status: 'passed', owner_key: `notebook:${id}` }]);
    // Main goes on from there, and the branch may go.
    await owner.call('DELETE', `/notebooks/${branch}/branch`);
    await edit(id, name, 'select 6 as a');
    await ran(id);
    expect(await total(name)).toEqual({ total: '6' });
  });

  it('leaves to a run what the branch did not run so, and all that reads it', async () => {
    const { id, name } = await published();
    const branch = await fork(id);
    await edit(branch, name, 'select 5 as a');
    await ran(branch);
    await edit(branch, name, 'select 7 as a');
    expect((await accept(branch)).promoted).toEqual([]);
    expect(await total(name)).toEqual({ total: '1' });
    expect(await ran(id)).toEqual({ [name]: 'succeeded', [`${name}_sum`]: 'succeeded' });
    expect(await total(name)).toEqual({ total: '7' });
  });

  it('never takes a table back behind what main published since the fork', async () => {
    const { id, name } = await published();
    const branch = await fork(id);
    await edit(branch, name, 'select 5 as a');
    await ran(branch);
    await edit(id, name, 'select 2 as a');
    await ran(id);
    await edit(id, name, 'select 1 as a');
    const before = await pointers('public', name);
    expect((await accept(branch)).promoted).toEqual([]);
    expect(await pointers('public', name)).toEqual(before);
    expect(await ran(id)).toEqual({ [name]: 'succeeded', [`${name}_sum`]: 'succeeded' });
    expect(await total(name)).toEqual({ total: '5' });
  });

  it('with a cell that is new gives its table to the notebook, unless the name is another one’s', async () => {
    const { id, name } = await published();
    const taken = await published();
    const branch = await fork(id);
    await edit(branch, `${name}_sum`, `select sum(a) + 1 as total from ${name}`);
    await ran(branch);
    const sum = (await test.server.deps.rooms.notebook(branch)).cells.find((cell) => cell.name === `${name}_sum`);
    await test.server.deps.pool.query(`update relations set owner_key = 'notebook:nb_other' where name = $1`, [
      `${name}_sum`,
    ]);
    expect((await accept(branch, { cells: [sum?.id] })).promoted).toEqual([]);
    await test.server.deps.pool.query(`delete from relations where name = $1`, [`${name}_sum`]);
    await edit(branch, `${name}_sum`, `select sum(a) + 2 as total from ${name}`);
    await ran(branch);
    expect((await accept(branch)).promoted).toEqual([`silver.${name}_sum`]);
    expect(await total(name)).toEqual({ total: '3' });
    expect(await total(taken.name)).toEqual({ total: '1' });
  });
});
