/** R3, R4 and R6 against a client that means it: everything a viewer can send changes nothing and is audited. */
import { encodeAwarenessUpdate } from 'y-protocols/awareness';
import { afterAll, beforeAll, expect, it } from 'vitest';
import * as Y from 'yjs';
import { rawSocket, stockClient, until } from '../testing/sync-client.ts';
import type { TestServer, Visitor } from '../testing/test-server.ts';
import { startTestServer } from '../testing/test-server.ts';
import { frames } from './frame.ts';

const SEED = Number(process.env['SYNC_SEED'] ?? 4_242);
const FRAMES = 100_000;
const SOCKETS = 8;

let test: TestServer;
let owner: Visitor;
let viewer: Visitor;
let editor: Visitor;

beforeAll(async () => {
  test = await startTestServer();
  owner = await test.owner();
  viewer = await test.member('viewer');
  editor = await test.member('editor');
});
afterAll(() => test.close());

function randomOf(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

/** Frames of every type, forged; then the same with bytes changed, cut off or put in. */
function createForger(random: (below: number) => number, victim: { doc: Y.Doc; presence: Uint8Array }) {
  const forged = new Y.Doc();
  forged.getText('probe').insert(0, 'forged');
  forged.getMap('cells').set('cell_x', 'not a cell');
  const whole = Y.encodeStateAsUpdate(forged);
  const types = [
    frames.update(whole),
    frames.syncStep2(whole),
    frames.update(Y.encodeStateAsUpdate(victim.doc)),
    frames.stateVector(Y.encodeStateVector(forged)),
    frames.awareness(victim.presence),
    frames.denied('nonsense'),
    Uint8Array.from([3]),
    Uint8Array.from([100, 7]),
  ];
  return () => {
    const base = types[random(types.length)] ?? Uint8Array.from([]);
    // Most keep their head, so that they pass the first door and try the second.
    const from = random(20) === 0 ? 0 : 3;
    const frame = Uint8Array.from(base);
    const changes = random(6);
    for (let n = 0; n < changes && frame.length > from; n++) frame[from + random(frame.length - from)] = random(256);
    return random(50) === 0 ? frame.subarray(0, random(frame.length + 1)) : frame;
  };
}

it(`10⁵ fuzzed frames of a viewer leave document, queue and presence as they were, audited (seed ${SEED})`, async () => {
  const { id } = (await owner.call('POST', '/notebooks', { title: 'Fortress' })).json;
  const [a, b] = [stockClient(test, owner, id), stockClient(test, editor, id)];
  await Promise.all([a.synced(), b.synced()]);
  a.text.insert(0, 'kept');
  a.provider.awareness.setLocalStateField('user', { name: 'Ana' });
  await until(() => b.provider.awareness.getStates().get(a.doc.clientID)?.['user']?.name === 'Ana');
  const { pool } = test.database;
  const facts = async () => {
    const logged = await pool.query('select count(*)::int as n from document_updates where notebook_id = $1', [id]);
    const queue = await pool.query('select count(*)::int as n from runs');
    return [logged.rows, queue.rows, Buffer.from(Y.encodeStateAsUpdate(b.doc)).toString('base64')];
  };
  const before = await facts();
  const lie = encodeAwarenessUpdate(
    a.provider.awareness,
    [a.doc.clientID],
    new Map([[a.doc.clientID, { user: { name: 'Not Ana' } }]]),
  );
  const forge = createForger(randomOf(SEED), { doc: a.doc, presence: lie });
  let sent = 0;
  const codes = new Set<number>();
  const attack = async () => {
    while (sent < FRAMES) {
      const raw = rawSocket(test, id, { cookie: viewer.cookie }, '?ack=1');
      raw.socket.on('error', () => undefined);
      expect(await raw.outcome).toBe('open');
      while (sent < FRAMES && raw.socket.readyState === raw.socket.OPEN) {
        for (let n = 0; n < 20 && sent < FRAMES; n++, sent++) raw.socket.send(forge());
        raw.frames.length = 0;
        await new Promise((resolve) => setImmediate(resolve));
      }
      raw.socket.close();
      codes.add(await raw.closed);
    }
  };
  await Promise.all(Array.from({ length: SOCKETS }, attack));
  expect(sent).toBe(FRAMES);
  expect([...codes].filter((code) => ![1000, 1005, 4400].includes(code))).toEqual([]);
  expect(await facts()).toEqual(before);
  expect(b.provider.awareness.getStates().get(a.doc.clientID)?.['user']).toEqual({ name: 'Ana' });
  const audited = await pool.query<{ what: string }>(
    "select distinct facts->>'what' as what from audit_entries where action = 'sync-refused' and user_id = $1",
    [viewer.me?.id],
  );
  expect(audited.rows.map((row) => row.what).sort()).toEqual(expect.arrayContaining(['frame', 'write']));
  a.text.insert(4, '!');
  await until(() => b.text.toString() === 'kept!');
  expect((await owner.call('GET', '/healthz')).status).toBe(200);
  for (const client of [a, b]) client.provider.destroy();
});

it('a spoofed presence is refused and audited', async () => {
  const { id } = (await owner.call('POST', '/notebooks', { title: 'Masks' })).json;
  const [a, b] = [stockClient(test, owner, id), stockClient(test, editor, id)];
  await Promise.all([a.synced(), b.synced()]);
  a.provider.awareness.setLocalStateField('user', { name: 'Ana' });
  await until(() => b.provider.awareness.getStates().get(a.doc.clientID)?.['user']?.name === 'Ana');
  const liar = stockClient(test, editor, id);
  await liar.synced();
  liar.provider.awareness.states.set(a.doc.clientID, { user: { name: 'Not Ana' } });
  liar.provider.awareness.meta.set(a.doc.clientID, { clock: 9_999, lastUpdated: 0 });
  liar.provider.ws?.send(frames.awareness(encodeAwarenessUpdate(liar.provider.awareness, [a.doc.clientID])));
  await until(
    async () =>
      (
        await test.database.pool.query(
          "select 1 from audit_entries where action = 'sync-refused' and target = $1 and facts->>'what' = 'presence'",
          [id],
        )
      ).rowCount === 1,
  );
  expect(b.provider.awareness.getStates().get(a.doc.clientID)?.['user']).toEqual({ name: 'Ana' });
  for (const client of [a, b, liar]) client.provider.destroy();
});

it('an oversize frame costs its socket and is audited; a reader that never drains is sent away to resync', async () => {
  const { id } = (await owner.call('POST', '/notebooks', { title: 'Large' })).json;
  const huge = rawSocket(test, id, { cookie: editor.cookie });
  await huge.outcome;
  huge.socket.send(new Uint8Array(17 * 1024 * 1024));
  expect(await huge.closed).toBe(1009);
  const slow = rawSocket(test, id, { cookie: editor.cookie });
  await slow.outcome;
  slow.socket.pause();
  const a = stockClient(test, owner, id);
  await a.synced();
  const gone = test.server.deps.rooms.counts().peers - 1;
  for (let n = 0; n < 45; n++) {
    a.text.insert(0, `${n} `.repeat(300_000));
    await until(() => (a.provider.ws?.bufferedAmount ?? 0) < 1_000_000);
  }
  await until(() => test.server.deps.rooms.counts().peers === gone, 30_000);
  slow.socket.terminate();
  a.text.delete(0, a.text.length);
  a.text.insert(0, 'alive');
  const fresh = stockClient(test, editor, id);
  await until(() => fresh.text.toString() === 'alive');
  const audited = await test.database.pool.query(
    "select 1 from audit_entries where target = $1 and facts->>'what' = 'oversize'",
    [id],
  );
  expect(audited.rowCount).toBe(1);
  for (const client of [a, fresh]) client.provider.destroy();
});
