import { setSource } from '@datacraft/shared/ydoc';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { attachEngine } from '../attach.ts';
import { datacraft } from '../testing/datacraft.ts';
import { until } from '../testing/sync-client.ts';
import type { TestServer, Visitor } from '../testing/test-server.ts';
import { startTestServer } from '../testing/test-server.ts';

let test: TestServer;
let owner: Visitor;
let env: Record<string, string>;
beforeAll(async () => {
  test = await startTestServer({}, { attach: attachEngine });
  owner = await test.owner();
  env = { DATABASE_URL: test.database.url, DATACRAFT_DATA_DIR: test.config.dataDir };
});
afterAll(() => test.close());

const text =
  '---\ndatacraft: 1\ntitle: Main\n---\n\n```sql one\nselect 1 as a\n```\n\n```sql two\nselect 1 as b\n```\n';
const edit = async (id: string, name: string, source: string) => {
  const { cells } = await test.server.deps.rooms.notebook(id);
  const cell = cells.find((each) => each.name === name)?.id ?? ('none' as never);
  await test.server.deps.rooms.change(id, (doc) => setSource(doc, cell, source, 'server'), owner.me?.id ?? null);
};
const written = async (id: string) => (await test.server.deps.rooms.notebook(id)).cells.map((cell) => cell.source);
const branch = (...args: string[]) => datacraft(['branch', ...args], env);

describe('datacraft branch', () => {
  it('forks, reviews, brings both ways and discards, beside a server that has the notebook open', async () => {
    const { id } = (await owner.call('POST', '/notebooks/import', text, { 'content-type': 'text/markdown' })).json;
    await test.server.deps.rooms.open(id);
    const made = (await branch('create', id, '--name', 'Cheaper')).out.trim();
    expect(made).toMatch(/^brn_/);
    await edit(made, 'one', 'select 2 as a');
    await edit(id, 'two', 'select 2 as b');
    const review = await branch('review', made);
    expect(review.out).toMatch(/of the branch[^]*one +sql +changed +goes in[^]*since the fork[^]*two +sql +changed/);
    expect((await branch('update', made)).out.trim()).toBe('two');
    await until(async () => (await written(made)).includes('select 2 as b'));
    expect(await written(made)).toEqual(['select 2 as a', 'select 2 as b']);
    expect((await branch('accept', made, '--cell', 'three')).err).toContain('there is no cell three in the branch');
    expect((await branch('accept', made, '--cell', 'one')).out.trim()).toBe('one');
    await until(async () => (await written(id)).includes('select 2 as a'));
    expect((await branch('discard', made)).code).toBe(0);
    expect((await branch('list', id, '--json')).json()).toEqual([]);
    const audited = await test.server.deps.pool.query(
      `select action from audit_entries where target = $1 order by id`,
      [made],
    );
    expect(audited.rows.map((row: { action: string }) => row.action)).toEqual([
      'branch-create',
      'branch-update',
      'branch-accept',
      'branch-discard',
    ]);
  }, 240_000);
});
