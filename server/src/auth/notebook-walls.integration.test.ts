/** Every route of a notebook asks for the role in that notebook, and what is open ends with the grant. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { NotebookEvent } from '@datacraft/shared';
import { readNotebook } from '@datacraft/shared/ydoc';
import { attachEngine } from '../attach.ts';
import type { TestServer, Visitor } from '../testing/test-server.ts';
import { cookieOf, startTestServer } from '../testing/test-server.ts';

let test: TestServer;
let owner: Visitor;
let editor: Visitor;
let viewer: Visitor;
const TEXT = '---\ndatacraft: 1\ntitle: Walls\n---\n\n```sql orders\nselect 1 as a\n```\n';

beforeAll(async () => {
  test = await startTestServer({}, { attach: attachEngine });
  owner = await test.owner();
  [editor, viewer] = [await test.member('editor'), await test.member('viewer')];
});
afterAll(() => test.close());

async function closedNotebook(): Promise<string> {
  const { id } = (await owner.call('POST', '/notebooks/import', TEXT, { 'content-type': 'text/markdown' })).json;
  expect((await owner.call('PATCH', `/notebooks/${id}/sharing`, { access: 'invited' })).status).toBe(204);
  return id;
}
const grant = (id: string, who: Visitor, role: string | null) =>
  owner.call('PUT', `/notebooks/${id}/grants`, { userId: who.me?.id, role });

describe('a notebook that is not shared', () => {
  it('answers 404 at every operation below it, to an editor of the workspace', async () => {
    const id = await closedNotebook();
    const { paths } = (await owner.call('GET', '/openapi.json')).json as { paths: Record<string, object> };
    const below = Object.entries(paths).filter(([path]) => path.startsWith('/api/v1/notebooks/{id}'));
    let tried = 0;
    for (const [path, methods] of below) {
      const concrete = path.replace('{id}', id).replace(/\{[^}]+\}/g, 'x');
      for (const method of Object.keys(methods)) {
        const { status } = await editor.call(method.toUpperCase(), concrete, method === 'get' ? undefined : {});
        expect([method, path, status]).toEqual([method, path, 404]);
        tried += 1;
      }
    }
    expect(tried).toBeGreaterThan(40);
  });

  it('is not named by lists: runs, tables, backfills, schedules, notifications', async () => {
    const id = await closedNotebook();
    const cellId = readNotebook((await test.server.deps.rooms.open(id)).doc).cells[0]?.id;
    await grant(id, editor, 'commenter');
    const said = { place: 'cell', cellId, body: 'look', mentions: [editor.me?.id] };
    expect((await owner.call('POST', `/notebooks/${id}/comments`, said)).status).toBe(201);
    const told = async () => JSON.stringify((await editor.call('GET', '/notifications')).json).includes(id);
    expect(await told()).toBe(true);
    await grant(id, editor, null);
    expect(await told()).toBe(false);
    await test.server.deps.pool.query(
      `insert into backfills (id, notebook_id, version, request, document, state, max_parallel)
       values ('bkf_wall', $1, 1, '{}', '{}', 'running', 1)`,
      [id],
    );
    for (const path of ['/backfills', '/schedules', '/runs', '/tables', '/notebooks'])
      expect([path, (await editor.call('GET', path)).text.includes(id)]).toEqual([path, false]);
    expect((await owner.call('GET', '/backfills')).text).toContain(id);
    expect((await editor.call('POST', '/backfills/bkf_wall/pause')).status).toBe(404);
    await grant(id, editor, 'viewer');
    expect((await editor.call('POST', '/backfills/bkf_wall/pause')).status).toBe(403);
  });

  it('mentions only people who may see it', async () => {
    const id = await closedNotebook();
    const cellId = readNotebook((await test.server.deps.rooms.open(id)).doc).cells[0]?.id;
    const said = { place: 'cell', cellId, body: 'look', mentions: [viewer.me?.id] };
    const refused = await owner.call('POST', `/notebooks/${id}/comments`, said);
    expect([refused.status, refused.json.detail]).toEqual([400, expect.stringContaining('share it with them first')]);
    await grant(id, viewer, 'viewer');
    expect((await owner.call('POST', `/notebooks/${id}/comments`, said)).status).toBe(201);
    expect((await viewer.call('GET', `/notebooks/${id}/comments`)).json).toHaveLength(1);
    expect((await viewer.call('POST', `/notebooks/${id}/comments`, { ...said, mentions: [] })).status).toBe(403);
  });
});

describe('the role in a notebook', () => {
  it('is told with it, and counts for comments and versions in place of the one in the workspace', async () => {
    const id = await closedNotebook();
    const mine = async (who: Visitor) => (await who.call('GET', `/notebooks/${id}`)).json.myRole;
    const name = async (who: Visitor) => (await who.call('POST', `/notebooks/${id}/versions`, { name: 'a' })).status;
    await grant(id, editor, 'commenter');
    await grant(id, viewer, 'editor');
    expect([await mine(owner), await mine(editor), await mine(viewer)]).toEqual(['owner', 'commenter', 'editor']);
    expect([await name(editor), await name(viewer)]).toEqual([403, 201]);
  });

  it('makes no notebooks: a copy needs an editor of the workspace, and is for the same people', async () => {
    const id = await closedNotebook();
    await grant(id, viewer, 'editor');
    await grant(id, editor, 'viewer');
    expect((await viewer.call('POST', `/notebooks/${id}/duplicate`)).status).toBe(403);
    const copy = await editor.call('POST', `/notebooks/${id}/duplicate`);
    expect(copy.status).toBe(201);
    const stranger = await test.member('editor');
    expect((await stranger.call('GET', `/notebooks/${copy.json.id}`)).status).toBe(404);
    expect((await viewer.call('GET', `/notebooks/${copy.json.id}`)).json.myRole).toBe('editor');
  });
});

describe('the stream of events', () => {
  it('says when the role is another one and ends with the grant', async () => {
    const id = await closedNotebook();
    await grant(id, editor, 'viewer');
    const stream = await listen(id, editor.cookie);
    await grant(id, editor, 'runner');
    expect(await stream.until((event) => event.type === 'access')).toMatchObject({ role: 'runner' });
    await grant(id, editor, null);
    expect(await stream.ended).toBe(true);
  });

  it('of a guest ends when the link is revoked', async () => {
    const id = await closedNotebook();
    const link = (await owner.call('POST', `/notebooks/${id}/links`)).json;
    const opened = await test.anonymous().call('POST', `/notebook-links/${String(link.url).replace('/n/', '')}`);
    expect(opened.json.myRole).toBe('viewer');
    const stream = await listen(id, cookieOf(opened));
    await owner.call('DELETE', `/notebooks/${id}/links/${link.id}`);
    expect(await stream.ended).toBe(true);
  });
});

describe('a role in the workspace', () => {
  it('that changes is told on the open stream, at once', async () => {
    const { id } = (await owner.call('POST', '/notebooks', { title: 'Open' })).json;
    const member = await test.member('viewer');
    const stream = await listen(id, member.cookie);
    for (const role of ['editor', 'commenter'] as const) {
      await owner.call('PATCH', `/users/${member.me?.id}`, { role });
      await stream.until((event) => event.type === 'access' && event.role === role);
    }
    await owner.call('PATCH', `/users/${member.me?.id}`, { disabled: true });
    expect(await stream.ended).toBe(true);
  });
});

describe('a guest', () => {
  it('sees the notebook and neither comments, history, schedule nor who shares it', async () => {
    const id = await closedNotebook();
    const { url } = (await owner.call('POST', `/notebooks/${id}/links`)).json;
    const cookie = cookieOf(await test.anonymous().call('POST', `/notebook-links/${String(url).replace('/n/', '')}`));
    const status = async (part: string) =>
      (await test.anonymous().call('GET', `/notebooks/${id}${part}`, undefined, { cookie })).status;
    for (const part of ['', '/export', '/layout', '/runs']) expect([part, await status(part)]).toEqual([part, 200]);
    for (const part of ['/comments', '/versions', '/blame', '/schedule', '/triggers', '/sharing', '/publication'])
      expect([part, await status(part)]).toEqual([part, 401]);
    // Somebody with an account who has the link sees it too, and no more than that.
    const both = { cookie: `${editor.cookie}; ${cookie}` };
    expect((await test.anonymous().call('GET', `/notebooks/${id}`, undefined, both)).json.myRole).toBe('viewer');
    expect((await test.anonymous().call('PATCH', `/notebooks/${id}`, { title: 'x' }, both)).status).toBe(403);
  });
});

async function listen(id: string, cookie: string) {
  const response = await fetch(`${test.origin}/api/v1/notebooks/${id}/events`, { headers: { cookie } });
  expect(response.status).toBe(200);
  const reader = (response.body ?? new ReadableStream<Uint8Array>()).getReader();
  const heard: NotebookEvent[] = [];
  const waiting: { test: (event: NotebookEvent) => boolean; found: (event: NotebookEvent) => void }[] = [];
  const ended = (async () => {
    let text = '';
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return true;
      text += new TextDecoder().decode(value);
      const parts = text.split('\n\n');
      text = parts.pop() ?? '';
      for (const part of parts) {
        const event = JSON.parse(part.replace(/^data: /, '')) as NotebookEvent;
        heard.push(event);
        for (const one of waiting) if (one.test(event)) one.found(event);
      }
    }
  })();
  const until = (wanted: (event: NotebookEvent) => boolean) =>
    new Promise<NotebookEvent>((found) => {
      const known = heard.find(wanted);
      if (known) found(known);
      else waiting.push({ test: wanted, found });
    });
  await until((event) => event.type === 'ping'); // it is subscribed from here on
  return { ended, until };
}
