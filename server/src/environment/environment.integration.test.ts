import { setTimeout as sleep } from 'node:timers/promises';
import { BRANCH_TABLES } from '@datacraft/engine';
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
/** Two cells, of which the second reads the first, published in production. */
async function published(): Promise<{ id: string; name: string }> {
  const name = `stock_${++made}`;
  const id = await imported(
    `\`\`\`sql ${name}\nselect 1 as a\n\`\`\`\n\n\`\`\`sql ${name}_sum\nselect sum(a) as total from ${name}\n\`\`\`\n`,
    name,
  );
  await ran(id);
  return { id, name };
}
async function imported(cells: string, title: string): Promise<string> {
  const text = `---\ndatacraft: 1\ntitle: ${title}\n---\n\n${cells}`;
  return (await owner.call('POST', '/notebooks/import', text, { 'content-type': 'text/markdown' })).json.id;
}
async function ran(id: string, env?: string): Promise<Record<string, string>> {
  const started = await owner.call('POST', `/notebooks/${id}/runs`, env === undefined ? {} : { env });
  if (started.status >= 300) throw new Error(started.text);
  const { runId } = started.json as { runId: string };
  for (;;) {
    const { json } = await owner.call('GET', `/runs/${runId}`);
    expect(json.environment).toBe(env);
    if (json.state === 'succeeded')
      return Object.fromEntries(json.tasks.map((task: { cell: string; state: string }) => [task.cell, task.state]));
    if (json.state === 'failed') throw new Error(JSON.stringify(json));
    await sleep(40);
  }
}
const edit = async (id: string, name: string, source: string) => {
  const found = (await test.server.deps.rooms.notebook(id)).cells.find((cell) => cell.name === name);
  const cell = found?.id ?? ('none' as CellId);
  await test.server.deps.rooms.change(id, (doc) => setSource(doc, cell, source, 'server'), owner.me?.id ?? null);
};
const total = async (name: string, env?: string) => {
  const sql = `select total from silver.${name}_sum`;
  const answer = await owner.call('POST', '/query', { sql, ...(env === undefined ? {} : { env }) });
  return answer.status === 200 ? (answer.json.rows as { total: string }[])[0]?.total : answer.json.code;
};
const pointers = async (schema: string, name: string) =>
  (
    await test.server.deps.pool.query(
      `select r.name, r.snapshot_id, r.run_id, r.fingerprint, t.metadata_location from ${schema}.relations r
         join ${schema}.iceberg_tables t on t.table_name = r.name where r.name like $1 order by 1`,
      [`${name}%`],
    )
  ).rows as object[];
const promoted = async (id: string, env: string) =>
  (await owner.call('POST', `/notebooks/${id}/promote`, { env })).json as { promoted: string[]; left: string[] };

describe('a run in an environment', () => {
  it('makes what differs from production in names of its own, and nothing where it does not', async () => {
    const { id, name } = await published();
    const production = await pointers('public', name);
    expect(await ran(id, 'dev')).toEqual({ [name]: 'skipped', [`${name}_sum`]: 'skipped' });
    await edit(id, `${name}_sum`, `select sum(a) + 41 as total from ${name}`);
    expect(await ran(id, 'dev')).toEqual({ [name]: 'skipped', [`${name}_sum`]: 'succeeded' });
    expect([await total(name), await total(name, 'dev')]).toEqual(['1', '42']);
    expect(await pointers('public', name)).toEqual(production);
    expect(await ran(id, 'dev')).toEqual({ [name]: 'skipped', [`${name}_sum`]: 'skipped' });
    const tables = (await owner.call('GET', '/environments/dev/tables')).json;
    expect(tables).toMatchObject([{ name: `silver.${name}_sum`, rows: 1, productionRows: 1, isSame: false }]);
  });

  it('stays there when it is run again', async () => {
    const { id, name } = await published();
    await edit(id, name, 'select 3 as a');
    await ran(id, 'again');
    const [last] = (await owner.call('GET', `/notebooks/${id}/runs`)).json;
    const { runId } = (await owner.call('POST', `/runs/${last.runId}/rerun`, { version: 'original' })).json;
    const report = async () => (await owner.call('GET', `/runs/${runId}`)).json;
    while ((await report()).finishedAt === null) await sleep(20);
    expect(await report()).toMatchObject({ state: 'succeeded', environment: 'again' });
    expect(await total(name)).toBe('1');
  });

  it('reads what production has now under every other name, and follows it where it wrote nothing', async () => {
    const { id, name } = await published();
    await ran(id, 'follow');
    await edit(id, name, 'select 5 as a');
    await ran(id);
    expect(await ran(id, 'follow')).toEqual({ [name]: 'skipped', [`${name}_sum`]: 'skipped' });
    expect(await total(name, 'follow')).toBe('5');
    const reader = await imported(`\`\`\`sql ${name}_seen\nselect total from silver.${name}_sum\n\`\`\`\n`, 'reader');
    await ran(reader, 'follow');
    const { json } = await owner.call('POST', '/query', { sql: `select * from silver.${name}_seen`, env: 'follow' });
    expect(json.rows).toEqual([{ total: '5' }]);
  });

  it('adds to production’s rows of an incremental cell without adding to production', async () => {
    const cell = (value: string) =>
      `---\nmaterialize: incremental\nstrategy: append\n---\nselect ${value} as v from silver.feed_of_env`;
    const feed = await imported('```sql feed_of_env\nselect 1 as x\n```\n', 'feed');
    await ran(feed);
    const id = await imported(`\`\`\`sql grown\n${cell('x')}\n\`\`\`\n`, 'grown');
    await ran(id);
    await edit(feed, 'feed_of_env', 'select 2 as x');
    await ran(feed);
    await ran(id, 'grow');
    const rows = async (env?: string) =>
      (await owner.call('POST', '/query', { sql: 'select v from silver.grown order by 1', ...(env && { env }) })).json
        .rows;
    expect(await rows()).toEqual([{ v: 1 }]);
    expect(await rows('grow')).toEqual([{ v: 1 }, { v: 2 }]);
    expect((await promoted(id, 'grow')).promoted).toEqual(['silver.grown']);
    expect(await rows()).toEqual([{ v: 1 }, { v: 2 }]);
    expect(await ran(id)).toEqual({ grown: 'skipped' });
  });

  it('says nothing about production: not its last run, and no alert', async () => {
    const { id, name } = await published();
    await edit(id, name, "select cast('no' || range as integer) as a from range(1)");
    await expect(ran(id, 'broken')).rejects.toThrow('query-failed');
    const [notebook] = (await owner.call('GET', '/notebooks')).json.filter((each: { id: string }) => each.id === id);
    expect(notebook.lastRun.state).toBe('succeeded');
    const runs = (await owner.call('GET', `/notebooks/${id}/runs`)).json;
    expect(runs.map((run: { environment: string | null }) => run.environment)).toEqual(['broken', null]);
  });
});

describe('promoting', () => {
  it('makes the environment’s tables production’s as they are where a run would make the same', async () => {
    const { id, name } = await published();
    await edit(id, name, 'select 7 as a');
    await ran(id, 'staging');
    const there = await pointers('env_staging', name);
    expect(await promoted(id, 'staging')).toEqual({ promoted: [`silver.${name}`, `silver.${name}_sum`], left: [] });
    expect(await pointers('public', name)).toEqual(there);
    expect(await total(name)).toBe('7');
    expect(await ran(id)).toEqual({ [name]: 'skipped', [`${name}_sum`]: 'skipped' });
    expect((await owner.call('GET', '/environments/staging/tables')).json).toEqual([]);
    expect(await promoted(id, 'staging')).toEqual({ promoted: [], left: [] });
  });

  it('leaves to a run what was edited since, and what production changed since', async () => {
    const { id, name } = await published();
    await edit(id, name, 'select 7 as a');
    await ran(id, 'late');
    await edit(id, name, 'select 8 as a');
    expect(await promoted(id, 'late')).toEqual({ promoted: [], left: [name, `${name}_sum`] });
    await edit(id, name, 'select 2 as a');
    await ran(id);
    await edit(id, name, 'select 7 as a');
    expect((await promoted(id, 'late')).promoted).toEqual([]);
    expect(await total(name)).toBe('2');
  });
});

describe('production', () => {
  it('B4 refuses every write of a transaction that is in a space, also when its schema is gone', async () => {
    const client = await test.server.deps.pool.connect();
    try {
      for (const table of BRANCH_TABLES) {
        await client.query(`begin; set local datacraft.space = 'env_gone'`);
        await expect(client.query(`delete from ${table}`), table).rejects.toThrow('was about to write');
        await client.query('rollback');
      }
    } finally {
      client.release();
    }
  });

  it('is not written by a run whose environment is dropped under it', async () => {
    const { id, name } = await published();
    const production = await pointers('public', name);
    await edit(
      id,
      name,
      'select count(*) as a from range(9000000) t(a) join range(9000000) u(b) on hash(a) % 999 = hash(b) % 999',
    );
    const { runId } = (await owner.call('POST', `/notebooks/${id}/runs`, { env: 'gone' })).json;
    const stateOf = async () => (await owner.call('GET', `/runs/${runId}`)).json.state as string;
    while ((await stateOf()) === 'queued') await sleep(10);
    expect((await owner.call('DELETE', '/environments/gone')).status).toBe(204);
    while (['queued', 'running'].includes(await stateOf())) await sleep(20);
    expect(['cancelled', 'failed']).toContain(await stateOf());
    expect(await pointers('public', name)).toEqual(production);
    expect(await total(name, 'gone')).toBe('not-found');
    const names = (await owner.call('GET', '/environments')).json.map((each: { name: string }) => each.name);
    expect(names).toContain('dev');
    expect(names).not.toContain('gone');
  });

  it('is no environment, and branches have none', async () => {
    const { id } = await published();
    const refused = await owner.call('POST', `/notebooks/${id}/runs`, { env: 'production' });
    expect([refused.status, refused.json.code]).toEqual([400, 'bad-request']);
    const branch = (await owner.call('POST', `/notebooks/${id}/branches`, { name: 'Try' })).json.id as string;
    expect((await owner.call('POST', `/notebooks/${branch}/runs`, { env: 'dev' })).status).toBe(400);
  });
});
