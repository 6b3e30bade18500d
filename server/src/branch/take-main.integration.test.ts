import type { BranchReview, CellId } from '@datacraft/shared';
import { setSource } from '@datacraft/shared/ydoc';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { attachEngine } from '../attach.ts';
import type { TestServer, Visitor } from '../testing/test-server.ts';
import { startTestServer } from '../testing/test-server.ts';

let test: TestServer;
let owner: Visitor;
let viewer: Visitor;
beforeAll(async () => {
  test = await startTestServer({}, { attach: attachEngine });
  owner = await test.owner();
  viewer = await test.member('viewer');
});
afterAll(() => test.close());

const lines = (first: string, last: string) => `select ${first} as id,\n  0 as z,\n  0 as y,\n  ${last} as amount`;
const text = `---\ndatacraft: 1\ntitle: Main\n---\n\n\`\`\`sql one\n${lines('1', '10')}\n\`\`\`\n\n\`\`\`sql two\nselect 1 as b\n\`\`\`\n\n\`\`\`sql three\nselect 1 as c\n\`\`\`\n`;

async function forked(): Promise<{ id: string; branch: string }> {
  const made = await owner.call('POST', '/notebooks/import', text, { 'content-type': 'text/markdown' });
  const { id } = made.json as { id: string };
  const { json } = await owner.call('POST', `/notebooks/${id}/branches`, { name: 'Try' });
  return { id, branch: (json as { id: string }).id };
}
const cellOf = async (id: string, name: string): Promise<CellId> => {
  const found = (await test.server.deps.rooms.notebook(id)).cells.find((cell) => cell.name === name);
  return found?.id ?? ('none' as CellId);
};
const edit = async (id: string, name: string, source: string) => {
  const cell = await cellOf(id, name);
  await test.server.deps.rooms.change(id, (doc) => setSource(doc, cell, source, 'server'), owner.me?.id ?? null);
};
const sources = async (id: string) => (await test.server.deps.rooms.notebook(id)).cells.map((cell) => cell.source);
const changes = async (branch: string) =>
  ((await owner.call('GET', `/notebooks/${branch}/branch/changes-of-main`)).json as BranchReview).cells;
const review = async (branch: string) =>
  ((await owner.call('GET', `/notebooks/${branch}/branch/review`)).json as BranchReview).cells;
const take = (branch: string, body: object = {}, who = owner) =>
  who.call('POST', `/notebooks/${branch}/branch/take-main`, body);

describe('the changes of the notebook', () => {
  it('come into the branch cell by cell, put together with what the branch changed elsewhere', async () => {
    const { id, branch } = await forked();
    await edit(branch, 'one', lines('2', '10'));
    await edit(id, 'one', lines('1', '11'));
    await edit(id, 'two', 'select 2 as b');
    await edit(branch, 'three', 'select 3 as c');
    expect((await changes(branch)).map(({ name, state }) => [name, state])).toEqual([
      ['one', 'both'],
      ['two', 'clean'],
    ]);
    expect((await take(branch)).json).toEqual({ cells: [await cellOf(id, 'one'), await cellOf(id, 'two')] });
    expect(await sources(branch)).toEqual([lines('2', '11'), 'select 2 as b', 'select 3 as c']);
    expect(await sources(id)).toEqual([lines('1', '11'), 'select 2 as b', 'select 1 as c']);
    expect(await changes(branch)).toEqual([]);
    expect((await review(branch)).map(({ name, state }) => [name, state])).toEqual([
      ['one', 'clean'],
      ['three', 'clean'],
    ]);
    expect((await take(branch)).json).toMatchObject({ code: 'conflict' });
    const versions = (await owner.call('GET', `/notebooks/${branch}/versions`)).json as { name: string }[];
    expect(versions[0]?.name).toBe('Before changes of “Main”');
  });

  it('that clash wait for a choice, and either side settles them', async () => {
    const { id, branch } = await forked();
    for (const name of ['two', 'three']) {
      await edit(branch, name, 'select 8 as branch');
      await edit(id, name, 'select 9 as main');
    }
    const [two, three] = [await cellOf(id, 'two'), await cellOf(id, 'three')];
    expect((await changes(branch)).map(({ state }) => state)).toEqual(['conflict', 'conflict']);
    expect((await take(branch, { cells: [two] })).json).toMatchObject({ code: 'conflict' });
    expect((await take(branch, { takeMain: [two], keepBranch: [three] })).json).toEqual({ cells: [two, three] });
    expect((await sources(branch)).slice(1)).toEqual(['select 9 as main', 'select 8 as branch']);
    expect(await changes(branch)).toEqual([]);
    expect((await review(branch)).map(({ name, state }) => [name, state])).toEqual([['three', 'clean']]);
  });

  it('are taken by who may edit the branch, of branches alone', async () => {
    const { id, branch } = await forked();
    await edit(id, 'two', 'select 2 as b');
    expect((await take(branch, {}, viewer)).status).toBe(403);
    expect((await take(id)).status).toBe(404);
    expect((await take(branch, { cells: [] })).status).toBe(409);
  });
});
