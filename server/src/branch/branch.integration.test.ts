import { setTimeout as sleep } from 'node:timers/promises';
import { maintain } from '@datacraft/engine';
import type { BranchReview, BranchRows, CellId, Notification } from '@datacraft/shared';
import { readNotebook, setSource } from '@datacraft/shared/ydoc';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { attachEngine } from '../attach.ts';
import { createServerEngine } from '../engine.ts';
import { stockClient, until } from '../testing/sync-client.ts';
import type { TestServer, Visitor } from '../testing/test-server.ts';
import { startTestServer } from '../testing/test-server.ts';

let test: TestServer;
let owner: Visitor;
let editor: Visitor;
let commenter: Visitor;
beforeAll(async () => {
  test = await startTestServer({}, { attach: attachEngine });
  owner = await test.owner();
  [editor, commenter] = [await test.member('editor'), await test.member('commenter')];
});
afterAll(() => test.close());

let made = 0;
const rowsSql = (amounts: number[]) =>
  `select * from (values ${amounts.map((amount, at) => `(${at + 1}, ${amount})`).join(', ')}) t(id, amount)`;
const textOf = (name: string) =>
  `---\ndatacraft: 1\ntitle: ${name}\n---\n\n\`\`\`sql ${name}\n---\nunique_key: id\n---\n${rowsSql([10, 20])}\n\`\`\`\n\n\`\`\`sql ${name}_sum\nselect sum(amount) as total from ${name}\n\`\`\`\n`;

async function published(): Promise<{ id: string; name: string }> {
  const name = `orders_${++made}`;
  const { id } = (await owner.call('POST', '/notebooks/import', textOf(name), { 'content-type': 'text/markdown' }))
    .json as { id: string };
  await ran(id);
  return { id, name };
}
async function ran(id: string, who = owner): Promise<Record<string, string>> {
  const { runId } = (await who.call('POST', `/notebooks/${id}/runs`, {})).json as { runId: string };
  for (;;) {
    const { json } = await owner.call('GET', `/runs/${runId}`);
    if (json.state === 'succeeded')
      return Object.fromEntries(json.tasks.map((task: { cell: string; state: string }) => [task.cell, task.state]));
    if (json.state === 'failed') throw new Error(JSON.stringify(json));
    await sleep(40);
  }
}
const fork = async (id: string, who = owner) =>
  (await who.call('POST', `/notebooks/${id}/branches`, { name: 'Try' })).json.id as string;
const rows = async (sql: string) => (await owner.call('POST', '/query', { sql })).json.rows as object[];
const total = (name: string) => rows(`select total from silver.${name}_sum`);
const cellOf = async (id: string, name: string): Promise<CellId> => {
  const found = (await test.server.deps.rooms.notebook(id)).cells.find((cell) => cell.name === name);
  return found?.id ?? ('none' as CellId);
};
const edit = async (id: string, name: string, source: string) => {
  const cell = await cellOf(id, name);
  await test.server.deps.rooms.change(id, (doc) => setSource(doc, cell, source, 'server'), owner.me?.id ?? null);
};
const review = async (branch: string, who = owner) =>
  (await who.call('GET', `/notebooks/${branch}/branch/review`)).json as BranchReview;
const accept = (branch: string, body: object, who = owner) =>
  who.call('POST', `/notebooks/${branch}/branch/accept`, body);
const schemas = async () =>
  (await test.server.deps.pool.query(`select nspname from pg_namespace where nspname like 'brn\\_%'`)).rows.map(
    (row: { nspname: string }) => row.nspname,
  );

describe('a branch', () => {
  it('begins with what is published, runs against its own tables, and leaves main and its readers as they were', async () => {
    const { id, name } = await published();
    const before = await test.server.deps.pool.query('select * from relations order by layer, name');
    const pointers = await test.server.deps.pool.query('select * from iceberg_tables order by table_name');
    const branch = await fork(id);
    expect(await ran(branch)).toEqual({ [name]: 'skipped', [`${name}_sum`]: 'skipped' });
    await edit(branch, name, rowsSql([10, 25, 7]));
    expect(await ran(branch)).toEqual({ [name]: 'succeeded', [`${name}_sum`]: 'succeeded' });
    expect(await total(name)).toEqual([{ total: '30' }]);
    expect((await test.server.deps.pool.query('select * from relations order by layer, name')).rows).toEqual(
      before.rows,
    );
    expect((await test.server.deps.pool.query('select * from iceberg_tables order by table_name')).rows).toEqual(
      pointers.rows,
    );
    const own = await owner.call('GET', `/notebooks/${branch}/cells/${await cellOf(branch, name)}/download?format=csv`);
    expect(own.text.trim().split('\n').sort()).toEqual(['1,10', '2,25', '3,7', 'id,amount']);
    const of = await owner.call('GET', `/notebooks/${id}/cells/${await cellOf(id, name)}/download?format=csv`);
    expect(of.text.trim().split('\n').sort()).toEqual(['1,10', '2,20', 'id,amount']);
    expect((await owner.call('GET', '/notebooks')).text).not.toContain(branch);
    expect((await owner.call('GET', '/tables')).text).not.toContain(branch);
  });

  it('reads tables of other notebooks as they are now, and of its own notebook what it was forked with', async () => {
    const other = await published();
    const { id, name } = await published();
    const branch = await fork(id);
    await edit(other.id, other.name, rowsSql([1, 1]));
    await ran(other.id);
    await edit(id, name, rowsSql([500]));
    await ran(id);
    const sum = `select sum(amount) as total from ${name}`;
    await edit(branch, `${name}_sum`, `${sum} union all select total from silver.${other.name}_sum order by total`);
    await ran(branch);
    const own = await owner.call('GET', `/notebooks/${branch}/cells/${await cellOf(branch, `${name}_sum`)}/download`);
    expect(own.text.trim().split('\n')).toEqual(['total', '2', '30']);
  });

  it('keeps its files through clean-up until it is discarded; then they go', async () => {
    const { id, name } = await published();
    const branch = await fork(id);
    const engine = await createServerEngine({
      config: test.config,
      pool: test.server.deps.pool,
      emit: () => undefined,
    });
    await edit(id, name, rowsSql([1]));
    await ran(id);
    await owner.call('PUT', `/tables/silver/${name}/retention`, { days: null, snapshots: 1 });
    const later = { ...engine.run, now: () => new Date(Date.now() + 5 * 86_400_000) };
    const options = { dryRun: false, graceMs: 86_400_000 };
    const muchLater = { ...engine.run, now: () => new Date(Date.now() + 10 * 86_400_000) };
    await maintain(later, options);
    await maintain(muchLater, options);
    const download = async () =>
      (await owner.call('GET', `/notebooks/${branch}/cells/${await cellOf(branch, name)}/download`)).text;
    expect((await download()).trim().split('\n').sort()).toEqual(['1,10', '2,20', 'id,amount']);
    expect((await owner.call('DELETE', `/notebooks/${branch}/branch`)).status).toBe(204);
    expect(await schemas()).not.toContain(branch);
    expect((await owner.call('GET', `/notebooks/${branch}/branch`)).status).toBe(404);
    const latest = { ...engine.run, now: () => new Date(Date.now() + 20 * 86_400_000) };
    await maintain({ ...engine.run, now: () => new Date(Date.now() + 15 * 86_400_000) }, options);
    expect((await maintain(latest, options)).swept.files).toBeGreaterThan(0);
    expect(await rows(`select id, amount from silver.${name}`)).toEqual([{ id: 1, amount: 1 }]);
    await engine.stop();
  });

  it('has no schedule, trigger, link, backfill or published dashboard of its own, and is not binned', async () => {
    const { id } = await published();
    const branch = await fork(id);
    for (const [method, part] of [
      ['POST', '/publish'],
      ['PUT', '/layout'],
      ['PUT', '/schedule'],
      ['POST', '/triggers'],
      ['POST', '/backfills'],
      ['POST', '/links'],
      ['PUT', '/grants'],
      ['POST', '/duplicate'],
      ['DELETE', ''],
    ] as const)
      expect([part, (await owner.call(method, `/notebooks/${branch}${part}`, {})).status]).toEqual([part, 409]);
  });

  it('is a document like others: synced, with a history and comments', async () => {
    const { id, name } = await published();
    const branch = await fork(id);
    const client = stockClient(test, editor, branch);
    await client.synced();
    const cell = await cellOf(branch, name);
    await edit(branch, name, 'select 1 as id, 2 as amount');
    await until(() => readNotebook(client.doc).cells.some((each) => each.source.includes('2 as amount')));
    client.provider.destroy();
    expect((await owner.call('POST', `/notebooks/${branch}/versions`, { name: 'a' })).status).toBe(201);
    const said = { place: 'cell', cellId: cell, body: 'why?', mentions: [] };
    expect((await commenter.call('POST', `/notebooks/${branch}/comments`, said)).status).toBe(201);
  });

  it('is for those whom its notebook is for', async () => {
    const { id } = await published();
    await owner.call('PATCH', `/notebooks/${id}/sharing`, { access: 'invited' });
    const branch = await fork(id);
    for (const part of ['', '/branch', '/branch/review', '/export', '/runs'])
      expect([part, (await editor.call('GET', `/notebooks/${branch}${part}`)).status]).toEqual([part, 404]);
    expect((await editor.call('POST', `/notebooks/${id}/branches`, { name: 'x' })).status).toBe(404);
    expect((await accept(branch, {}, editor)).status).toBe(404);
    expect((await editor.call('GET', '/runs')).text).not.toContain(branch);
    await owner.call('PUT', `/notebooks/${id}/grants`, { userId: editor.me?.id, role: 'viewer' });
    expect((await editor.call('GET', `/notebooks/${branch}`)).json.myRole).toBe('viewer');
    expect((await editor.call('POST', `/notebooks/${id}/branches`, { name: 'x' })).status).toBe(403);
    expect((await editor.call('DELETE', `/notebooks/${branch}/branch`)).status).toBe(403);
  });
});

describe('a review', () => {
  it('shows what the branch changed in text and rows, and accepts a cell between two versions', async () => {
    const { id, name } = await published();
    const branch = await fork(id);
    await edit(branch, name, rowsSql([10, 25, 7]));
    await ran(branch);
    const found = await review(branch);
    expect(found.cells).toMatchObject([{ name, change: 'changed', state: 'clean' }]);
    const cell = await cellOf(branch, name);
    const compared = (await owner.call('GET', `/notebooks/${branch}/branch/review/${cell}/rows`)).json as BranchRows;
    expect(compared).toMatchObject({
      state: 'differs',
      key: ['id'],
      diff: { added: 1, changed: 1, removed: 0, same: 1 },
    });
    expect((await accept(branch, { cells: [cell] })).json).toMatchObject({ cells: [cell] });
    expect((await owner.call('GET', `/notebooks/${id}/export`)).text).toContain('(3, 7)');
    expect((await owner.call('GET', `/notebooks/${branch}/branch`)).json.state).toBe('merged');
    const versions = (await owner.call('GET', `/notebooks/${id}/versions`)).json as { id: string; name: string }[];
    expect(versions.slice(0, 2).map((version) => version.name)).toEqual(['With “Try”', 'Before “Try”']);
    await owner.call('POST', `/notebooks/${id}/versions/${versions[1]?.id ?? ''}/restore`, {});
    expect((await owner.call('GET', `/notebooks/${id}/export`)).text).toBe(textOf(name));
    // The branch's tables went in with its text; going back in the text alone leaves them to the next run.
    expect(await total(name)).toEqual([{ total: '42' }]);
  });

  it('puts edits of both sides together, and takes a conflict only where it is asked to', async () => {
    const { id, name } = await published();
    const lines = (first: string, last: string) => `select ${first} as id,\n  0 as z,\n  0 as y,\n  ${last} as amount`;
    await edit(id, name, lines('1', '10'));
    const branch = await fork(id);
    await edit(branch, name, lines('2', '10'));
    await edit(id, name, lines('1', '11'));
    await edit(branch, `${name}_sum`, 'select 1 as total');
    await edit(id, `${name}_sum`, 'select 2 as total');
    expect((await review(branch)).cells.map(({ state }) => state)).toEqual(['both', 'conflict']);
    const sum = await cellOf(id, `${name}_sum`);
    expect((await accept(branch, { cells: [sum] })).json).toMatchObject({ code: 'conflict' });
    expect((await accept(branch, {})).json).toMatchObject({ cells: [await cellOf(id, name)] });
    const { cells } = await test.server.deps.rooms.notebook(id);
    expect(cells.map((cell) => cell.source)).toEqual([lines('2', '11'), 'select 2 as total']);
    expect((await accept(branch, { cells: [sum], takeBranch: [sum] })).status).toBe(200);
    expect((await review(branch)).cells).toEqual([]);
    expect((await accept(branch, {})).status).toBe(409);
  });

  it('of a suggestion is asked for by who may comment, and accepted by an editor alone', async () => {
    const { id, name } = await published();
    const branch = await fork(id, commenter);
    expect((await commenter.call('GET', `/notebooks/${branch}`)).json.myRole).toBe('editor');
    expect((await commenter.call('GET', `/notebooks/${branch}/branch`)).json.canAccept).toBe(false);
    await edit(branch, name, rowsSql([1]));
    await ran(branch, commenter);
    expect((await commenter.call('PATCH', `/notebooks/${branch}/branch`, { askReview: 'better' })).json).toMatchObject({
      state: 'review',
      note: 'better',
    });
    expect((await accept(branch, {}, commenter)).status).toBe(403);
    expect((await owner.call('GET', `/notebooks/${id}/branches`)).json).toMatchObject([
      { id: branch, state: 'review' },
    ]);
    const told = async (who: Visitor, kind: string) => {
      const all = (await who.call('GET', '/notifications')).json as Notification[];
      return all.filter((each) => each.kind === kind && each.notebook.id === branch);
    };
    const [heard] = await told(owner, 'review-asked');
    expect([heard?.by.id, heard?.body]).toEqual([commenter.me?.id, expect.stringMatching(/: better$/)]);
    expect(await told(commenter, 'review-asked')).toEqual([]);
    expect((await accept(branch, {}, editor)).status).toBe(200);
    const [thanks] = await told(commenter, 'branch-accepted');
    expect([thanks?.by.id, thanks?.body]).toEqual([editor.me?.id, expect.stringContaining(name)]);
    const audited = await test.server.deps.pool.query(
      `select action from audit_entries where target = $1 and action like 'branch-%' order by id`,
      [branch],
    );
    expect(audited.rows.map((row: { action: string }) => row.action)).toEqual([
      'branch-create',
      'branch-ask',
      'branch-accept',
    ]);
  });

  it('lets no suggestion read what its maker may not: tables that only editors of the notebook see', async () => {
    const secret = await published();
    await owner.call('PATCH', `/notebooks/${secret.id}/sharing`, { access: 'invited' });
    await owner.call('PUT', `/notebooks/${secret.id}/grants`, { userId: editor.me?.id, role: 'viewer' });
    const { id, name } = await published();
    const branch = await fork(id, commenter);
    await edit(branch, `${name}_sum`, `select * from silver.${secret.name}`);
    const { runId } = (await commenter.call('POST', `/notebooks/${branch}/runs`, {})).json as { runId: string };
    await until(async () => ['succeeded', 'failed'].includes((await owner.call('GET', `/runs/${runId}`)).json.state));
    const run = (await owner.call('GET', `/runs/${runId}`)).json as { tasks: { cell: string; state: string }[] };
    expect(run.tasks.find((task) => task.cell === `${name}_sum`)?.state).toBe('failed');
  });
});
