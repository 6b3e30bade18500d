/** Documents have no epochs, because nothing the product does to a history makes an old client's state another one's. */
import type { TestDatabase } from '@datacraft/migrations/testing';
import { createTestDatabase } from '@datacraft/migrations/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import type { Bus } from '../live/bus.ts';
import { startBus } from '../live/bus.ts';
import { randomOf } from '../testing/random.ts';
import { createRoom } from './room.ts';
import { createUpdateLog } from './update-log.ts';

const SEED = Number(process.env['DATACRAFT_SEED'] ?? 20261128);
const EDITS = 400;
let database: TestDatabase;
let bus: Bus;

beforeAll(async () => {
  database = await createTestDatabase();
  bus = await startBus({ pool: database.pool, url: database.url });
});
afterAll(async () => {
  await bus.stop();
  await database.close();
});

const merged = (...updates: Uint8Array[]): Y.Doc => {
  const doc = new Y.Doc();
  for (const update of updates) Y.applyUpdate(doc, update);
  return doc;
};

describe(`a history that was compacted and pruned (seed ${SEED})`, () => {
  it('L4 takes the edits of a client that was away since before, and gives it all that it missed', async () => {
    const next = randomOf(SEED);
    const random = (below: number) => Math.floor(next() * below);
    await database.pool.query(`insert into notebooks (id, title) values ('away', 'away')`);
    const log = createUpdateLog(database.pool, bus);
    const live = new Y.Doc();
    const edit = (doc: Y.Doc) => {
      const text = doc.getText('t');
      if (text.length > 20 && random(2) === 0) text.delete(random(text.length - 5), 5);
      else text.insert(random(text.length + 1), `w${random(1_000)} `);
    };
    const updates: Uint8Array[] = [];
    const known: Uint8Array[] = [];
    live.on('update', (update: Uint8Array) => updates.push(update));
    for (let step = 0; step < EDITS; step++) edit(live);
    const away = merged(Y.encodeStateAsUpdate(live));
    const beforeAway = Y.encodeStateVector(away);
    for (let step = 0; step < 20; step++) edit(away);
    // Meanwhile most of what the client knows is deleted and collected, and only checkpoints are left of the log.
    for (let step = 0; step < EDITS; step++) edit(live);
    live.getText('t').delete(0, live.getText('t').length - 3);
    // As many checkpoints as are kept, so that what is before them may go.
    const rows = updates.map((data) => ({ data, userId: null }));
    for (const part of [rows.slice(0, -3), rows.slice(-3, -2), rows.slice(-2, -1), rows.slice(-1)]) {
      const { to } = await log.append('away', part);
      known.push(...part.map(({ data }) => data));
      await log.checkpoint('away', to, () => Y.encodeStateAsUpdate(merged(...known)));
    }
    await database.pool.query(`update document_updates set created_at = now() - interval '1 year'`);
    expect(await log.prune(90)).toBeGreaterThan(EDITS);
    const stored = await log.load('away');
    if (!stored) throw new Error('the notebook is gone');
    const nothing = () => undefined;
    const room = createRoom('away', stored, {
      log,
      onChange: nothing,
      onCheckpointFailure: nothing,
      onFailure: nothing,
      onRefused: nothing,
    });
    expect(room.doc.getText('t').toString()).toBe(live.getText('t').toString());
    // Both directions of a sync, as the protocol has it.
    const offline = Y.encodeStateAsUpdate(away, Y.encodeStateVector(room.doc));
    const missed = Y.encodeStateAsUpdate(room.doc, beforeAway);
    await room.change((doc) => Y.applyUpdate(doc, offline), null);
    Y.applyUpdate(away, missed);
    const expected = merged(Y.encodeStateAsUpdate(live), offline).getText('t').toString();
    expect(away.getText('t').toString()).toBe(expected);
    expect(room.doc.getText('t').toString()).toBe(expected);
    expect(expected).not.toBe(live.getText('t').toString());
    expect(away.store.pendingStructs).toBeNull();
    expect(room.doc.store.pendingStructs).toBeNull();
    await room.unload();
  });
});
