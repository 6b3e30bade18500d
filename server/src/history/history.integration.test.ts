import type { CellId, UserId, Version, VersionSummary } from '@datacraft/shared';
import { deleteCell, readBin, readNotebook, setSource, sourceText } from '@datacraft/shared/ydoc';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stockClient, until } from '../testing/sync-client.ts';
import type { TestServer, Visitor } from '../testing/test-server.ts';
import { startTestServer } from '../testing/test-server.ts';
import { emptyBins, startKeeper } from './keeper.ts';

let test: TestServer;
let owner: Visitor;
let editor: Visitor;
let viewer: Visitor;
beforeAll(async () => {
  test = await startTestServer();
  owner = await test.owner();
  [editor, viewer] = [await test.member('editor'), await test.member('viewer')];
});
afterAll(() => test.close());

const text = '---\ndatacraft: 1\ntitle: Past\n---\n\n```sql one\nselect 1\n```\n\n```sql two\nselect 2\n```\n';
async function notebook(): Promise<{ id: string; cells: CellId[] }> {
  const { json } = await owner.call('POST', '/notebooks/import', text, { 'content-type': 'text/markdown' });
  const { doc } = await test.server.deps.rooms.open(json.id);
  return { id: json.id, cells: readNotebook(doc).cells.map((cell) => cell.id) };
}
const list = async (id: string): Promise<VersionSummary[]> =>
  (await viewer.call('GET', `/notebooks/${id}/versions`)).json;
const load = async (id: string, version: string): Promise<Version> =>
  (await viewer.call('GET', `/notebooks/${id}/versions/${version}`)).json;
const exported = async (id: string) => (await owner.call('GET', `/notebooks/${id}/export`)).text;
const me = (who: Visitor) => (who.me?.id ?? null) as UserId | null;
const edit = (id: string, cell: CellId | undefined, source: string, who: Visitor) =>
  test.server.deps.rooms.change(id, (doc) => setSource(doc, cell as CellId, source, 'server'), who.me?.id ?? null);

describe('versions', () => {
  it('are named by editors, hold their own state and say who changed which cell', async () => {
    const { id, cells } = await notebook();
    const path = `/notebooks/${id}/versions`;
    expect((await viewer.call('POST', path, { name: 'mine' })).status).toBe(403);
    const first = (await owner.call('POST', path, { name: 'First', message: 'as imported' })).json.id;
    await edit(id, cells[1], 'select 22', editor);
    const second = (await owner.call('POST', path, { name: 'Second' })).json.id;
    await test.server.deps.pool.query('delete from document_updates where notebook_id = $1', [id]);
    expect(await list(id)).toMatchObject([
      { id: second, reason: 'named', name: 'Second', changedCells: 1, authors: [{ id: editor.me?.id }] },
      { id: first, name: 'First', message: 'as imported', by: { name: 'owner' } },
    ]);
    const version = await load(id, second);
    expect(version.notebook.cells[1]?.source).toBe('select 22');
    expect(version.cellAuthors).toEqual({ [cells[1] ?? '']: [{ id: editor.me?.id, name: editor.me?.name }] });
    const since = (await viewer.call('GET', `/notebooks/${id}/versions/${first}/authors`)).json;
    expect(since).toEqual(version.cellAuthors);
    await edit(id, cells[0], 'select 11', owner);
    const later = (await viewer.call('GET', `${path}/${first}/authors`)).json;
    expect(later).toEqual({ ...since, [cells[0] ?? '']: [{ id: owner.me?.id, name: 'owner' }] });
    expect((await viewer.call('GET', `${path}/ver_none/authors`)).status).toBe(404);
    expect((await viewer.call('GET', `${path}/ver_none`)).status).toBe(404);
  });

  it('are not kept twice when nothing changed', async () => {
    const { id } = await notebook();
    const { versions } = test.server.deps;
    expect(await versions.keep(id, 'publish', me(owner))).toMatch(/^ver_/);
    expect(await versions.keep(id, 'schedule', me(owner))).toBeNull();
    expect((await list(id)).map((one) => one.reason)).toEqual(['publish']);
  });

  it('restore everything or one cell, live, as an edit that is a version itself', async () => {
    const { id, cells } = await notebook();
    const client = stockClient(test, viewer, id);
    await client.synced();
    const first = (await owner.call('POST', `/notebooks/${id}/versions`, { name: 'First' })).json.id;
    await edit(id, cells[0], 'select 11', editor);
    await edit(id, cells[1], 'select 22', editor);
    const path = `/notebooks/${id}/versions/${first}/restore`;
    expect((await viewer.call('POST', path, {})).status).toBe(403);
    expect((await editor.call('POST', path, { cells: [cells[0]] })).json.id).toMatch(/^ver_/);
    await until(() => sourceText(client.doc, cells[0] as CellId)?.toString() === 'select 1');
    expect(sourceText(client.doc, cells[1] as CellId)?.toString()).toBe('select 22');
    expect((await editor.call('POST', path, {})).status).toBe(200);
    expect(await exported(id)).toBe(text);
    expect((await list(id)).map((one) => one.reason)).toEqual(['restore', 'restore', 'auto', 'named']);
    expect((await editor.call('POST', path, {})).json).toEqual({ id: null });
    client.provider.destroy();
  });

  it('are kept by time: after a pause, and at the latest after a bound while somebody types on', async () => {
    const { id, cells } = await notebook();
    const { deps } = test.server;
    const keeper = startKeeper({ ...deps }, { idleMs: 150, atMostMs: 400, sweepMs: 1e9 });
    await edit(id, cells[0], 'select 10', owner);
    await until(async () => (await list(id)).length === 1);
    let typed = 0;
    await until(async () => {
      await edit(id, cells[0], `select ${++typed}00`, owner);
      return (await list(id)).length > 1;
    });
    await edit(id, cells[0], 'select 5', owner);
    await until(async () => (await list(id)).length > 1);
    await edit(id, cells[0], 'select 6', owner);
    await keeper.stop();
    expect((await load(id, (await list(id))[0]?.id ?? '')).notebook.cells[0]?.source).toMatch(/select (6|5|\d+00)/);
    expect((await list(id)).every((one) => one.reason === 'auto')).toBe(true);
  });

  it('are kept by the next process where one was killed before it came to that', async () => {
    const { id, cells } = await notebook();
    await edit(id, cells[0], 'select 77', owner);
    const keeper = startKeeper({ ...test.server.deps }, { idleMs: 100, atMostMs: 400, sweepMs: 1e9 });
    await until(async () => (await list(id)).length === 1);
    await keeper.stop();
    expect((await load(id, (await list(id))[0]?.id ?? '')).notebook.cells[0]?.source).toBe('select 77');
  });
});

describe('blame', () => {
  it('tells who wrote each line, also when the log is gone', async () => {
    const { id, cells } = await notebook();
    await edit(id, cells[0], 'select 1\nfrom x', editor);
    const blame = async () => (await viewer.call('GET', `/notebooks/${id}/blame`)).json[cells[0] ?? ''];
    expect((await blame()).lines.map((one: { name: string }) => one.name)).toEqual(['owner', editor.me?.name]);
    expect((await blame()).created.name).toBe('owner');
    await test.server.deps.pool.query('delete from document_updates where notebook_id = $1', [id]);
    expect((await blame()).created.name).toBe('owner');
  });
});

describe('the bin of cells', () => {
  it('lets go of what was put there more than thirty days ago, and of nothing else', async () => {
    const { id, cells } = await notebook();
    const { deps } = test.server;
    const day = 86_400_000;
    const ago = (days: number) => new Date(Date.now() - days * day).toISOString();
    await deps.rooms.change(id, (doc) => {
      deleteCell(doc, cells[0] as CellId, ago(31));
      deleteCell(doc, cells[1] as CellId, ago(29));
    });
    expect(await emptyBins(deps)).toBe(1);
    expect(readBin((await deps.rooms.open(id)).doc).map((cell) => cell.id)).toEqual([cells[1]]);
    expect(await emptyBins({ ...deps, now: () => Date.now() + 2 * day })).toBe(1);
    expect(readBin((await deps.rooms.open(id)).doc)).toEqual([]);
  });
});
