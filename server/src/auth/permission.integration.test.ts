/** Roles in one notebook: by the API and at the socket, with the same answer. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rawSocket, stockClient, until } from '../testing/sync-client.ts';
import type { TestServer, Visitor } from '../testing/test-server.ts';
import { cookieOf, startTestServer } from '../testing/test-server.ts';

let test: TestServer;
let owner: Visitor;
let editor: Visitor;
let viewer: Visitor;

beforeAll(async () => {
  test = await startTestServer();
  owner = await test.owner();
  editor = await test.member('editor');
  viewer = await test.member('viewer');
});
afterAll(() => test.close());

const notebook = async (): Promise<string> => (await owner.call('POST', '/notebooks', { title: 'Shared' })).json.id;
const grant = (id: string, subject: object, role: string | null) =>
  owner.call('PUT', `/notebooks/${id}/grants`, { ...subject, role });
const rename = async (who: Visitor, id: string) =>
  (await who.call('PATCH', `/notebooks/${id}`, { title: 'New' })).status;

describe('a notebook for invited people', () => {
  it('is not there for the others: not in lists, not by id, not at the socket', async () => {
    const id = await notebook();
    expect((await owner.call('PATCH', `/notebooks/${id}/sharing`, { access: 'invited' })).status).toBe(204);
    for (const where of ['', '/sharing', '/export', '/events', '/runs', '/layout'])
      expect([where, (await editor.call('GET', `/notebooks/${id}${where}`)).status]).toEqual([where, 404]);
    expect(await rename(editor, id)).toBe(404);
    expect((await editor.call('DELETE', `/notebooks/${id}`)).status).toBe(404);
    expect((await editor.call('POST', `/notebooks/${id}/duplicate`)).status).toBe(404);
    expect((await editor.call('GET', '/notebooks')).json.some((one: { id: string }) => one.id === id)).toBe(false);
    expect(await rawSocket(test, id, { cookie: editor.cookie }).outcome).toBe('404');
    expect((await owner.call('GET', `/notebooks/${id}`)).status).toBe(200);
    await grant(id, { userId: editor.me?.id }, 'viewer');
    expect((await editor.call('GET', `/notebooks/${id}`)).status).toBe(200);
    expect(await rename(editor, id)).toBe(403);
    expect((await editor.call('GET', '/notebooks')).json.some((one: { id: string }) => one.id === id)).toBe(true);
  });

  it('closes open sockets of who is no longer invited', async () => {
    const id = await notebook();
    const { outcome, closed } = rawSocket(test, id, { cookie: editor.cookie });
    expect(await outcome).toBe('open');
    await owner.call('PATCH', `/notebooks/${id}/sharing`, { access: 'invited' });
    expect(await closed).toBe(4403);
  });
});

describe('a grant', () => {
  it('lets a viewer of the workspace write in one notebook, at the API and on the open socket, until it is taken back', async () => {
    const [id, other] = [await notebook(), await notebook()];
    const [a, v] = [stockClient(test, owner, id), stockClient(test, viewer, id)];
    await Promise.all([a.synced(), v.synced()]);
    expect(await rename(viewer, id)).toBe(403);
    await grant(id, { userId: viewer.me?.id }, 'editor');
    expect([await rename(viewer, id), await rename(viewer, other)]).toEqual([200, 403]);
    await until(() => {
      v.text.insert(0, '.');
      return a.text.length > 0;
    });
    await grant(id, { userId: viewer.me?.id }, null);
    expect(await rename(viewer, id)).toBe(403);
    for (const client of [a, v]) client.provider.destroy();
  });

  it('of a group counts for its members, and no longer for who left it', async () => {
    const id = await notebook();
    const group = (await owner.call('POST', '/groups', { name: `Analysts ${id}` })).json.id;
    await grant(id, { groupId: group }, 'editor');
    expect(await rename(viewer, id)).toBe(403);
    await owner.call('PUT', `/groups/${group}/members`, { userIds: [viewer.me?.id] });
    expect(await rename(viewer, id)).toBe(200);
    await owner.call('PUT', `/groups/${group}/members`, { userIds: [] });
    expect(await rename(viewer, id)).toBe(403);
  });

  it('is given by owners of the notebook alone', async () => {
    const id = await notebook();
    const body = { userId: editor.me?.id, role: 'owner' };
    expect((await editor.call('PUT', `/notebooks/${id}/grants`, body)).status).toBe(403);
    const own = (await editor.call('POST', '/notebooks', { title: 'Mine' })).json.id;
    expect(
      (await editor.call('PUT', `/notebooks/${own}/grants`, { userId: viewer.me?.id, role: 'runner' })).status,
    ).toBe(204);
    expect((await viewer.call('GET', `/notebooks/${own}/sharing`)).json.grants).toEqual([
      { userId: viewer.me?.id, groupId: null, name: viewer.me?.name, role: 'runner' },
    ]);
  });
});

describe('a read-only link', () => {
  it('shows one notebook without an account and nothing else, until it is revoked', async () => {
    const [id, other] = [await notebook(), await notebook()];
    const link = (await owner.call('POST', `/notebooks/${id}/links`)).json;
    const token = String(link.url).replace('/n/', '');
    const opened = await test.anonymous().call('POST', `/notebook-links/${token}`);
    expect([opened.status, opened.json.id]).toEqual([200, id]);
    const headers = { cookie: cookieOf(opened) };
    const status = async (method: string, path: string, body?: unknown) =>
      (await test.anonymous().call(method, path, body, headers)).status;
    expect(await status('GET', `/notebooks/${id}`)).toBe(200);
    expect(await status('GET', `/notebooks/${other}`)).toBe(404);
    for (const path of ['/notebooks', '/me', '/users', '/tables', '/runs', '/groups', `/notebooks/${id}/sharing`])
      expect([path, await status('GET', path)]).toEqual([path, 401]);
    expect(await status('PATCH', `/notebooks/${id}`, { title: 'x' })).toBe(401);
    expect(await status('POST', `/notebooks/${id}/links`)).toBe(401);
    const guest = rawSocket(test, id, headers);
    expect(await guest.outcome).toBe('open');
    expect(await rawSocket(test, other, headers).outcome).toBe('404');
    guest.socket.send(Uint8Array.from([0, 2, 3, 1, 2, 3]));
    await until(() => guest.frames.some((frame) => frame[0] === 2));
    expect((await owner.call('DELETE', `/notebooks/${id}/links/${link.id}`)).status).toBe(204);
    expect(await guest.closed).toBe(4401);
    expect(await status('GET', `/notebooks/${id}`)).toBe(401);
    expect((await test.anonymous().call('POST', `/notebook-links/${token}`)).status).toBe(404);
  });
});
