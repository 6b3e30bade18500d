import { messageDurable } from '@datacraft/shared';
import { encodeAwarenessUpdate } from 'y-protocols/awareness';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { rawSocket, stockClient, until } from '../testing/sync-client.ts';
import type { TestServer, Visitor } from '../testing/test-server.ts';
import { startTestServer } from '../testing/test-server.ts';
import { frames, readerOf } from './frame.ts';

let test: TestServer;
let owner: Visitor;
let viewer: Visitor;
let editor: Visitor;
const open: { provider: { destroy(): void } }[] = [];

beforeAll(async () => {
  test = await startTestServer();
  owner = await test.owner();
  viewer = await test.member('viewer');
  editor = await test.member('editor');
});
afterAll(() => test.close());
afterEach(() => {
  for (const client of open.splice(0)) client.provider.destroy();
});

const notebook = async (): Promise<string> => (await owner.call('POST', '/notebooks', { title: 'Room' })).json.id;
const connect = (who: Visitor | null, id: string, doc?: Y.Doc) => {
  const client = stockClient(test, who, id, doc);
  open.push(client);
  return client;
};
const logged = async (id: string) =>
  (
    await test.database.pool.query<{ data: Buffer }>(
      'select data from document_updates where notebook_id = $1 order by seq',
      [id],
    )
  ).rows;
const replay = async (id: string) => {
  const doc = new Y.Doc();
  for (const row of await logged(id)) Y.applyUpdate(doc, row.data);
  return doc;
};

describe('two stock clients', () => {
  it('see what the other writes and who is there', async () => {
    const id = await notebook();
    const [a, b] = [connect(owner, id), connect(editor, id)];
    await Promise.all([a.synced(), b.synced()]);
    expect(a.doc.getMap('notebook').get('title')).toBe('Room');
    a.text.insert(0, 'hello ');
    await until(() => b.text.toString() === 'hello ');
    b.text.insert(6, 'world');
    await until(() => a.text.toString() === 'hello world');
    a.provider.awareness.setLocalStateField('user', { name: 'Ana' });
    await until(() => b.provider.awareness.getStates().get(a.doc.clientID)?.['user']?.name === 'Ana');
    expect(b.provider.awareness.getStates().get(a.doc.clientID)?.['account']).toEqual({
      id: owner.me?.id,
      name: owner.me?.name,
    });
    a.provider.disconnect();
    await until(() => !b.provider.awareness.getStates().has(a.doc.clientID));
  });

  it('R1 hear of nothing that is not in the log', async () => {
    const id = await notebook();
    const [a, b] = [connect(owner, id), connect(editor, id)];
    await Promise.all([a.synced(), b.synced()]);
    const missing: string[] = [];
    const checks: Promise<void>[] = [];
    b.doc.on('update', () => {
      const seen = b.text.toString();
      checks.push(
        replay(id).then((doc) => void (doc.getText('probe').toString().startsWith(seen) || missing.push(seen))),
      );
    });
    for (let n = 0; n < 50; n++) {
      a.text.insert(a.text.length, 'x');
      if (n % 5 === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    }
    await until(() => b.text.length === 50);
    await Promise.all(checks);
    expect(missing).toEqual([]);
  });

  it('merge what was written while one was away', async () => {
    const id = await notebook();
    const [a, b] = [connect(owner, id), connect(editor, id)];
    await Promise.all([a.synced(), b.synced()]);
    b.provider.disconnect();
    a.text.insert(0, 'A');
    b.text.insert(0, 'B');
    b.provider.connect();
    await until(() => a.text.length === 2 && b.text.toString() === a.text.toString());
  });
});

describe('the list', () => {
  it('follows title and cells of the document', async () => {
    const id = await notebook();
    const a = connect(owner, id);
    await a.synced();
    a.doc.getMap('notebook').set('title', 'Renamed');
    await until(async () => (await owner.call('GET', `/notebooks/${id}`)).json.title === 'Renamed');
    await owner.call('PATCH', `/notebooks/${id}`, { title: 'By the API' });
    await until(() => a.doc.getMap('notebook').get('title') === 'By the API');
  });
});

describe('strangers', () => {
  it('do not get in', async () => {
    const id = await notebook();
    const { token } = (await owner.call('POST', '/tokens', { name: 't' })).json;
    const outcome = (headers: Record<string, string>, query = '', room = id) =>
      rawSocket(test, room, headers, query).outcome;
    expect(await outcome({})).toBe('401');
    expect(await outcome({ cookie: 'datacraft_session=guess' })).toBe('401');
    expect(await outcome({ cookie: owner.cookie, origin: 'https://evil.example' })).toBe('403');
    expect(await outcome({ cookie: owner.cookie }, '', 'nb_none')).toBe('404');
    expect(await outcome({ cookie: owner.cookie }, '', '../notebooks')).toBe('404');
    expect(await outcome({}, '?token=dc_guess')).toBe('401');
    expect(await outcome({}, `?token=${token}`)).toBe('open');
    expect(await outcome({ cookie: owner.cookie, origin: test.origin })).toBe('open');
  });

  it('are thrown out when their token is revoked', async () => {
    const id = await notebook();
    const { id: tokenId, token } = (await editor.call('POST', '/tokens', { name: 't' })).json;
    const { outcome, closed } = rawSocket(test, id, {}, `?token=${token}`);
    expect(await outcome).toBe('open');
    await editor.call('DELETE', `/tokens/${tokenId}`);
    expect(await closed).toBe(4401);
  });

  it('includes everybody once the notebook lies in the bin', async () => {
    const id = await notebook();
    const { outcome, closed } = rawSocket(test, id, { cookie: editor.cookie });
    expect(await outcome).toBe('open');
    await owner.call('DELETE', `/notebooks/${id}`);
    expect(await closed).toBe(4410);
    expect(await rawSocket(test, id, { cookie: editor.cookie }).outcome).toBe('404');
    await owner.call('POST', `/notebooks/${id}/restore`);
    expect(await rawSocket(test, id, { cookie: editor.cookie }).outcome).toBe('open');
  });
});

describe('a viewer', () => {
  const forged = () => {
    const doc = new Y.Doc();
    doc.getText('probe').insert(0, 'forged');
    return Y.encodeStateAsUpdate(doc);
  };

  it('R3 reads, and changes nothing by SyncStep2 or Update', async () => {
    const id = await notebook();
    const a = connect(owner, id);
    await a.synced();
    a.text.insert(0, 'kept');
    const v = connect(viewer, id);
    await until(() => v.text.toString() === 'kept');
    const before = (await logged(id)).length;
    const raw = rawSocket(test, id, { cookie: viewer.cookie }, '?ack=1');
    await raw.outcome;
    raw.socket.send(frames.syncStep2(forged()));
    raw.socket.send(frames.update(forged()));
    v.text.insert(0, 'mine ');
    await until(() => raw.frames.filter((frame) => frame[0] === 2).length === 2);
    a.text.insert(4, '!');
    await until(() => raw.frames.some((frame) => frame[0] === 0 && frame[1] === 2));
    expect(a.text.toString()).toBe('kept!');
    expect((await replay(id)).getText('probe').toString()).toBe('kept!');
    expect((await logged(id)).length).toBe(before + 1);
    expect(raw.frames.some((frame) => frame[0] === messageDurable)).toBe(false);
    raw.socket.close();
  });

  it('cannot speak for another peer', async () => {
    const id = await notebook();
    const [a, b] = [connect(owner, id), connect(editor, id)];
    await Promise.all([a.synced(), b.synced()]);
    a.provider.awareness.setLocalStateField('user', { name: 'Ana' });
    await until(() => b.provider.awareness.getStates().get(a.doc.clientID)?.['user']?.name === 'Ana');
    const liar = connect(viewer, id);
    await liar.synced();
    liar.provider.awareness.states.set(a.doc.clientID, { user: { name: 'Not Ana' } });
    liar.provider.awareness.meta.set(a.doc.clientID, { clock: 9_999, lastUpdated: 0 });
    const lie = encodeAwarenessUpdate(liar.provider.awareness, [a.doc.clientID]);
    liar.provider.ws?.send(frames.awareness(lie));
    liar.provider.awareness.setLocalStateField('user', { name: 'Vera' });
    await until(() => b.provider.awareness.getStates().get(liar.doc.clientID)?.['user']?.name === 'Vera');
    expect(b.provider.awareness.getStates().get(a.doc.clientID)?.['user']).toEqual({ name: 'Ana' });
  });

  it('may write as soon as the role says so, on the open socket, and no longer than that', async () => {
    const id = await notebook();
    const member = await test.member('viewer');
    const [a, m] = [connect(owner, id), connect(member, id)];
    await Promise.all([a.synced(), m.synced()]);
    await owner.call('PATCH', `/users/${member.me?.id}`, { role: 'editor' });
    await until(async () => {
      m.text.insert(0, '.');
      return a.text.length > 0;
    });
    await owner.call('PATCH', `/users/${member.me?.id}`, { role: 'viewer' });
    await until(async () => {
      const before = (await logged(id)).length;
      m.text.insert(0, '-');
      await new Promise((resolve) => setTimeout(resolve, 50));
      return (await logged(id)).length === before;
    });
  });
});

describe('acknowledgements', () => {
  it('count what is stored, only for who asks', async () => {
    const id = await notebook();
    const raw = rawSocket(test, id, { cookie: owner.cookie }, '?ack=1');
    await raw.outcome;
    const doc = new Y.Doc();
    doc.on('update', (update: Uint8Array) => raw.socket.send(frames.update(update)));
    for (let n = 0; n < 20; n++) doc.getText('probe').insert(0, 'x');
    const counts = () =>
      raw.frames.filter((frame) => frame[0] === messageDurable).map((frame) => readerOf(frame.subarray(1)).varint());
    await until(() => counts().at(-1) === 20);
    expect((await replay(id)).getText('probe').length).toBe(20);
    raw.socket.close();
  });

  it('count all that a socket sent once its role lets it write, so that nothing waits for ever', async () => {
    const id = await notebook();
    const member = await test.member('viewer');
    const raw = rawSocket(test, id, { cookie: member.cookie }, '?ack=1');
    await raw.outcome;
    const doc = new Y.Doc();
    doc.getText('probe').insert(0, 'early');
    raw.socket.send(frames.syncStep2(Uint8Array.from([0, 0])));
    raw.socket.send(frames.update(Y.encodeStateAsUpdate(doc)));
    await until(() => raw.frames.some((frame) => frame[0] === 2));
    await owner.call('PATCH', `/users/${member.me?.id}`, { role: 'editor' });
    await until(() => raw.frames.filter((frame) => frame[0] === 0 && frame[1] === 0).length === 2);
    raw.socket.send(frames.syncStep2(Y.encodeStateAsUpdate(doc)));
    await until(() => raw.frames.some((frame) => frame[0] === messageDurable && frame[1] === 3));
    expect((await replay(id)).getText('probe').toString()).toBe('early');
    raw.socket.close();
  });
});

describe('broken frames', () => {
  it('R4 cost their own socket and nothing more', async () => {
    const id = await notebook();
    const [a, b] = [connect(owner, id), connect(editor, id)];
    await Promise.all([a.synced(), b.synced()]);
    const valid = frames.update(Y.encodeStateAsUpdate(a.doc));
    const bad: Uint8Array[] = [
      Uint8Array.from([]),
      Uint8Array.from([0]),
      Uint8Array.from([9, 9, 9]),
      Uint8Array.from([0, 7, 1, 1]),
      Uint8Array.from([0, 2, 255, 255, 255, 255, 255, 255, 255, 15]),
      Uint8Array.from([0, 0, 4, 255, 255, 255, 255]),
      Uint8Array.from([1, 3, 1, 1, 1]),
      frames.update(Uint8Array.from([255, 255, 255, 255, 15, 1, 2, 3])),
      valid.subarray(0, valid.length - 3),
      frames.awareness(Uint8Array.from([1, 1, 1, 2, 123, 123])),
    ];
    for (const frame of bad) {
      const raw = rawSocket(test, id, { cookie: editor.cookie });
      expect(await raw.outcome).toBe('open');
      raw.socket.send(frame);
      expect([frame.join(), await raw.closed]).toEqual([frame.join(), 4400]);
    }
    const text = rawSocket(test, id, { cookie: editor.cookie });
    await text.outcome;
    text.socket.send('not binary');
    expect(await text.closed).toBe(4400);
    const huge = rawSocket(test, id, { cookie: editor.cookie });
    await huge.outcome;
    huge.socket.send(new Uint8Array(17 * 1024 * 1024));
    expect(await huge.closed).toBe(1009);
    a.text.insert(0, 'still here');
    await until(() => b.text.toString() === 'still here');
  });

  it('of any kind leave the room working (seeded noise)', async () => {
    const id = await notebook();
    const [a, b] = [connect(owner, id), connect(editor, id)];
    await Promise.all([a.synced(), b.synced()]);
    let seed = 42;
    const random = (below: number) => (seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648) % below;
    for (let round = 0; round < 60; round++) {
      const raw = rawSocket(test, id, { cookie: editor.cookie });
      await raw.outcome;
      const base =
        round % 2 === 0
          ? Uint8Array.from({ length: random(60) }, () => random(256))
          : frames.update(Y.encodeStateAsUpdate(b.doc));
      const noise = Uint8Array.from(base);
      for (let n = 0; n < 3 && noise.length > 2; n++) noise[2 + random(noise.length - 2)] = random(256);
      raw.socket.send(noise);
      raw.socket.close();
      await raw.closed;
    }
    a.text.insert(0, 'alive');
    await until(() => b.text.toString().includes('alive'));
    const fresh = connect(editor, id);
    await until(() => fresh.text.toString().includes('alive'));
    expect((await replay(id)).getText('probe').toString()).toContain('alive');
  });
});
