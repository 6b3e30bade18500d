import type pg from 'pg';
import * as Y from 'yjs';
import type { Bus } from '../../live/bus.ts';
import { createUpdateLog } from '../update-log.ts';

/** Rows that a compaction removes are kept here: a run is judged by the whole log. */
const KEEP = `
  create table torture_pruned (like document_updates);
  create function torture_keep() returns trigger language plpgsql as
    $$ begin insert into torture_pruned select old.*; return null; end $$;
  create trigger torture_keep after delete on document_updates for each row execute function torture_keep()`;

export async function keepPruned(pool: pg.Pool): Promise<void> {
  await pool.query(KEEP);
}

/** What another server does to documents that are being edited: a checkpoint, and what is before it goes. */
export async function compact(pool: pg.Pool, bus: Bus): Promise<void> {
  const log = createUpdateLog(pool, bus);
  const { rows } = await pool.query<{ notebook_id: string }>('select distinct notebook_id from document_updates');
  for (const { notebook_id: id } of rows) {
    const stored = await log.load(id);
    if (stored === null) continue;
    const doc = new Y.Doc();
    const take = (updates: readonly Uint8Array[]) => updates.forEach((update) => Y.applyUpdate(doc, update));
    take([...(stored.checkpoint ? [stored.checkpoint] : []), ...stored.updates]);
    await log.checkpoint(id, stored.seq, (others) => (take(others), Y.encodeStateAsUpdate(doc)));
  }
  await pool.query(`update document_updates set created_at = now() - interval '1 year'`);
  await log.prune(90);
}

/** All that a document was ever made of, those rows too that are gone. */
export async function wholeLog(
  pool: pg.Pool,
  notebookId: string,
): Promise<{ seq: bigint; data: Buffer; kept: boolean }[]> {
  const { rows } = await pool.query<{ seq: string; data: Buffer; kept: boolean }>(
    `select seq, data, true as kept from document_updates where notebook_id = $1
     union all select seq, data, false from torture_pruned where notebook_id = $1 order by seq`,
    [notebookId],
  );
  return rows.map(({ seq, data, kept }) => ({ seq: BigInt(seq), data, kept }));
}
