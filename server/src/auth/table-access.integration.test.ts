/** Tables of a notebook for invited people: every way to their rows is tried by an editor who is not invited. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readNotebook } from '@datacraft/shared/ydoc';
import { attachEngine } from '../attach.ts';
import type { TestServer, Visitor } from '../testing/test-server.ts';
import { cookieOf, startTestServer } from '../testing/test-server.ts';

let test: TestServer;
let owner: Visitor;
let outsider: Visitor;
let invited: Visitor;
let secret: string;
const CANARY = 'canary-7261';

beforeAll(async () => {
  test = await startTestServer({}, { attach: attachEngine });
  owner = await test.owner();
  [outsider, invited] = [await test.member('editor'), await test.member('viewer')];
  secret = await notebook(
    owner,
    `\`\`\`sql salaries\nselect '${CANARY}' as who, 1 as id\n\`\`\`\n
\`\`\`sql seen\n---\nmaterialize: view\n---\nselect * from salaries\n\`\`\`\n
\`\`\`source private_hook\ntype: webhook\n\`\`\`\n`,
  );
  await owner.call('PATCH', `/notebooks/${secret}/sharing`, { access: 'invited' });
  await owner.call('PUT', `/notebooks/${secret}/grants`, { userId: invited.me?.id, role: 'viewer' });
  await run(owner, secret, ['salaries', 'seen']);
});
afterAll(() => test.close());

async function notebook(who: Visitor, cells: string): Promise<string> {
  const text = `---\ndatacraft: 1\ntitle: N\n---\n\n${cells}`;
  return (await who.call('POST', '/notebooks/import', text, { 'content-type': 'text/markdown' })).json.id;
}

async function run(who: Visitor, id: string, select?: string[]) {
  const { json } = await who.call('POST', `/notebooks/${id}/runs`, select ? { select } : {});
  for (;;) {
    const found = await who.call('GET', `/runs/${json.runId}`);
    if (found.json.state !== 'queued' && found.json.state !== 'running') return found.json;
    await sleep(50);
  }
}

async function cellId(id: string, name: string): Promise<string> {
  const { doc } = await test.server.deps.rooms.open(id);
  return readNotebook(doc).cells.find((cell) => cell.name === name)?.id ?? '';
}

describe('a table of a notebook for invited people (A1)', () => {
  it.each(['silver.salaries', 'silver.seen'])(
    '%s is there for the invited and not for others, in SQL',
    async (name) => {
      const sql = `select * from ${name}`;
      expect((await invited.call('POST', '/query', { sql })).text).toContain(CANARY);
      const refused = await outsider.call('POST', '/query', { sql });
      const missing = await outsider.call('POST', '/query', { sql: 'select * from silver.nowhere' });
      expect([refused.status, refused.text.replaceAll(name, '')]).toEqual([
        missing.status,
        missing.text.replaceAll('silver.nowhere', ''),
      ]);
      const past = await outsider.call('POST', '/query', { sql, asOf: new Date().toISOString() });
      expect([past.status, past.text.includes(CANARY)]).toEqual([missing.status, false]);
    },
  );

  it('is in no list and at no address of the tables', async () => {
    expect((await outsider.call('GET', '/tables')).text).not.toContain('salaries');
    expect((await invited.call('GET', '/tables')).text).toContain('salaries');
    for (const end of ['snapshots', 'intervals', 'diff?from=2020-01-01'])
      expect([end, (await outsider.call('GET', `/tables/silver/salaries/${end}`)).status]).toEqual([end, 404]);
    const [snapshot] = (await invited.call('GET', '/tables/silver/salaries/snapshots')).json;
    const body = { snapshotId: snapshot.snapshotId };
    expect((await outsider.call('POST', '/tables/silver/salaries/rollback', body)).status).toBe(404);
    expect((await outsider.call('PUT', '/tables/silver/salaries/tags/mine', body)).status).toBe(404);
    expect((await outsider.call('DELETE', '/tables/silver/salaries/tags/mine')).status).toBe(404);
  });

  it('is not in the Iceberg catalogue of others', async () => {
    const at = (who: Visitor, path: string) =>
      fetch(`${test.origin}/iceberg/v1${path}`, { headers: { cookie: who.cookie } });
    const list = async (who: Visitor) => (await at(who, '/namespaces/silver/tables')).text();
    expect(await list(invited)).toContain('salaries');
    expect(await list(outsider)).not.toContain('salaries');
    expect((await at(invited, '/namespaces/silver/tables/salaries')).status).toBe(200);
    expect((await at(outsider, '/namespaces/silver/tables/salaries')).status).toBe(404);
  });
});

describe('cells of other notebooks (A2)', () => {
  it('do not come to it: preview, typed text, data, download', async () => {
    const id = await notebook(outsider, '```sql thief\nselect * from silver.salaries\n```\n');
    const cell = await cellId(id, 'thief');
    const source = 'select who from silver.salaries where true';
    const tries = [
      outsider.call('POST', `/notebooks/${id}/preview`, { cellId: cell }),
      outsider.call('POST', `/notebooks/${id}/preview`, { cellId: cell, source }),
      outsider.call('GET', `/notebooks/${id}/cells/${cell}/data`),
      outsider.call('GET', `/notebooks/${id}/cells/${cell}/download?format=csv`),
    ];
    for (const { status, text } of await Promise.all(tries))
      expect([status >= 400, text.includes(CANARY)]).toEqual([true, false]);
  });

  it('publish none of it, not even when somebody who may read it runs what another wrote', async () => {
    const id = await notebook(outsider, '```sql stolen\nselect * from silver.salaries\n```\n');
    expect((await run(outsider, id)).state).toBe('failed');
    expect((await run(owner, id)).state).toBe('failed');
    expect((await outsider.call('POST', '/query', { sql: 'select * from silver.stolen' })).text).not.toContain(CANARY);
  });

  it('read it where all who edit may', async () => {
    const id = await notebook(owner, '```sql derived\nselect who from silver.salaries\n```\n');
    await owner.call('PATCH', `/notebooks/${id}/sharing`, { access: 'invited' });
    expect((await run(owner, id)).state).toBe('succeeded');
    expect((await outsider.call('POST', '/query', { sql: 'select * from silver.derived' })).text).not.toContain(CANARY);
    await owner.call('PUT', `/notebooks/${id}/grants`, { userId: outsider.me?.id, role: 'editor' });
    await owner.call('POST', `/notebooks/${id}/runs`, { fullRefresh: true });
    expect((await run(owner, id)).state).toBe('failed');
  });

  it('do not take its name, and are not told whose it is', async () => {
    const id = await notebook(outsider, "```sql salaries\nselect 'mine' as who\n```\n");
    const { state, tasks } = await run(outsider, id);
    expect([state, tasks[0].error.message]).toEqual([
      'failed',
      'silver.salaries belongs to another notebook; rename this cell or set another layer',
    ]);
    await owner.call('DELETE', `/notebooks/${secret}`);
    expect((await run(outsider, id)).state).toBe('failed');
    await owner.call('POST', `/notebooks/${secret}/restore`);
  });

  it('of a read-only link read that notebook alone (A3)', async () => {
    const id = await notebook(owner, '```sql shown\nselect 1 as a\n```\n');
    await run(owner, id);
    const { url } = (await owner.call('POST', `/notebooks/${id}/links`)).json;
    const cookie = cookieOf(await test.anonymous().call('POST', `/notebook-links/${String(url).replace('/n/', '')}`));
    const preview = (source: string) => async () =>
      fetch(`${test.origin}/api/v1/notebooks/${id}/preview`, {
        method: 'POST',
        headers: { cookie, 'content-type': 'application/json', origin: test.origin },
        body: JSON.stringify({ cellId: await cellId(id, 'shown'), source }),
      });
    expect((await preview('select a from shown')()).status).toBe(200);
    for (const name of ['silver.salaries', 'silver.derived']) {
      const answer = await preview(`select * from ${name}`)();
      expect([answer.status >= 400, (await answer.text()).includes(CANARY)]).toEqual([true, false]);
    }
  });
});

describe('a webhook source of such a notebook', () => {
  it('is not named to who may not see it, in no way', async () => {
    const push = (who: Visitor, name: string) => who.call('POST', `/streams/${name}/events`, { a: 1 });
    for (const name of ['private_hook', 'bronze.private_hook', 'private_hok', 'nothing_like_it']) {
      const { status, json } = await push(outsider, name);
      expect([status, json.detail]).toEqual([404, `no notebook has a source of type webhook called ${name}`]);
    }
    expect((await push(owner, 'private_hok')).json.detail).toContain('did you mean private_hook?');
    expect((await push(owner, 'private_hook')).status).toBe(202);
  });
});
