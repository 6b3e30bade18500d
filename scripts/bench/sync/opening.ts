import * as Y from 'yjs';
import { createTestDatabase } from '../../../migrations/test-database.ts';
import type { Bus } from '../../../server/src/live/bus.ts';
import { createNotebook } from '../../../server/src/room/new-document.ts';
import { createRoom } from '../../../server/src/room/room.ts';
import { createUpdateLog } from '../../../server/src/room/update-log.ts';
import { spreadOf, timed } from '../pairs.ts';
import { typedTrace } from './trace.ts';

const ROUNDS = 9;
const BATCH = 2_000;
/** What a room lets pass at most between two checkpoints while somebody types. */
const TAIL = 499;

/** A room made from the database, with the longest tail after its checkpoint, beside parsing the same document warm. */
export async function openingFigures(say: (text: string) => void): Promise<Record<string, number>> {
  const { pool, close } = await createTestDatabase();
  const bus = { payloads: () => [] } as unknown as Bus;
  try {
    const { doc, updates } = typedTrace(7);
    const id = await createNotebook({ pool, bus }, { title: 'long', meta: {}, cells: [] }, null);
    const log = createUpdateLog(pool, bus);
    for (let at = 0; at < updates.length; at += BATCH) {
      const rows = updates.slice(at, Math.min(at + BATCH, updates.length)).map((data) => ({ data, userId: null }));
      if (at + BATCH < updates.length) await log.append(id, rows);
      else await appendWithCheckpoint(rows);
    }
    say(`logged ${updates.length} edits`);
    const whole = Y.encodeStateAsUpdate(doc);
    const parseMs: number[] = [];
    const openMs: number[] = [];
    for (let round = 0; round <= ROUNDS; round++) {
      const parse = await timed(async () => Y.applyUpdate(new Y.Doc(), whole));
      const open = await timed(() => openRoom());
      if (open.value !== doc.getText('t').toString())
        throw new Error('the opened document is not the one that was typed');
      if (round > 0) [parseMs[round - 1], openMs[round - 1]] = [parse.ms, open.ms];
    }
    const [parse, open] = [spreadOf(parseMs).median, spreadOf(openMs).median];
    return {
      [`${updates.length} edits, warm parse: median ms`]: parse,
      [`${updates.length} edits, room from the database: median ms`]: open,
      [`${updates.length} edits, room over warm parse: ratio`]: open / parse,
    };

    async function appendWithCheckpoint(rows: { data: Uint8Array; userId: null }[]): Promise<void> {
      await log.append(id, rows.slice(0, -TAIL));
      const before = new Y.Doc();
      await log.checkpoint(id, 0n, (all) => {
        before.transact(() => all.forEach((update) => Y.applyUpdate(before, update)));
        return Y.encodeStateAsUpdate(before);
      });
      await log.append(id, rows.slice(-TAIL));
    }
    async function openRoom(): Promise<string> {
      const stored = await log.load(id);
      if (!stored) throw new Error('the notebook is gone');
      const nothing = () => undefined;
      const room = createRoom(id, stored, {
        log,
        onChange: nothing,
        onCheckpointFailure: nothing,
        onFailure: nothing,
        onRefused: nothing,
      });
      return room.doc.getText('t').toString();
    }
  } finally {
    await close();
  }
}
