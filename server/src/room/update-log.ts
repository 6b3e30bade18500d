import type { Queryable } from '@datacraft/engine';
import type pg from 'pg';
import { withTransaction } from '../database/pool.ts';
import type { Bus } from '../live/bus.ts';
import { CHANNEL } from '../live/bus.ts';

/**
 * The append-only log of documents in PostgreSQL.
 *
 * L1  Commits of one notebook are in the order of their `seq`, across processes: writers take its advisory lock first.
 * L2  A checkpoint at `seq` holds every update up to `seq`; older rows stay for the history and are not read again.
 * L3  Only rows that every kept checkpoint holds are ever removed, and only when they are older than the history is.
 * L4  A checkpoint is the document's own state, with the ids of all that was ever in it: what was deleted gives up its
 *     content and keeps its ids. Nothing makes a document anew, so there are no epochs: a client that was away for
 *     however long merges with what is left after compaction as with what was there before, and loses nothing.
 */
export interface LoggedUpdate {
  readonly data: Uint8Array;
  readonly userId: string | null;
}

export interface StoredDocument {
  readonly checkpoint: Uint8Array | null;
  readonly updates: readonly Uint8Array[];
  /** Everything up to here was read. */
  readonly seq: bigint;
  readonly sinceCheckpoint: number;
}

export interface Appended {
  readonly from: bigint;
  readonly to: bigint;
  /** The last number of this notebook before these. */
  readonly previous: bigint;
}

export interface UpdateLog {
  load(notebookId: string): Promise<StoredDocument | null>;
  append(notebookId: string, updates: readonly LoggedUpdate[]): Promise<Appended>;
  read(notebookId: string, from: bigint, to: bigint): Promise<Uint8Array[]>;
  readAfter(notebookId: string, seq: bigint): Promise<{ updates: Uint8Array[]; seq: bigint }>;
  /** Removes what L3 lets go of `days` and older; answers how many rows that were. */
  prune(days: number): Promise<number>;
  /** `encode` gets what others logged since `seq`, and answers the whole document with it. */
  checkpoint(notebookId: string, seq: bigint, encode: (others: readonly Uint8Array[]) => Uint8Array): Promise<bigint>;
}

interface LogRow {
  seq: string;
  data: Buffer;
}

const KEPT_CHECKPOINTS = 3;
/** Short transactions: nobody who edits waits for the removal. */
const PRUNED_AT_ONCE = 5_000;

export function createUpdateLog(pool: pg.Pool, bus: Bus): UpdateLog {
  return {
    load: (notebookId) => loadDocument(pool, notebookId),
    append: (notebookId, updates) => withTransaction(pool, (tx) => appendUpdates(tx, bus, notebookId, updates)),
    async read(notebookId, from, to) {
      const { rows } = await pool.query<LogRow>(
        'select seq, data from document_updates where notebook_id = $1 and seq between $2 and $3 order by seq',
        [notebookId, String(from), String(to)],
      );
      return rows.map((row) => row.data);
    },
    readAfter: (notebookId, seq) => readAfter(pool, notebookId, seq),
    async prune(days) {
      for (let removed = 0; ;) {
        const { rowCount } = await pool.query(PRUNE, [days, PRUNED_AT_ONCE]);
        removed += rowCount ?? 0;
        if ((rowCount ?? 0) < PRUNED_AT_ONCE) return removed;
      }
    },
    checkpoint: (notebookId, seq, encode) =>
      withTransaction(pool, async (tx) => {
        await lockNotebook(tx, notebookId);
        const newer = await readAfter(tx, notebookId, seq);
        await saveCheckpoint(tx, notebookId, newer.seq, encode(newer.updates));
        return newer.seq;
      }),
  };
}

/** The row of the oldest kept checkpoint itself stays: the log's last number is read from its rows. */
const PRUNE = `delete from document_updates where seq in (
  select old.seq from document_updates as old
    join (select notebook_id, min(seq) as seq from document_checkpoints group by notebook_id) as held using (notebook_id)
   where old.seq < held.seq and old.created_at < now() - $1 * interval '1 day' limit $2)`;

async function loadDocument(pool: pg.Pool, notebookId: string): Promise<StoredDocument | null> {
  return withTransaction(pool, async (tx) => {
    await tx.query('set transaction isolation level repeatable read, read only');
    return readDocument(tx, notebookId);
  });
}

/** Null when there is no such notebook or it lies in the bin. One state: under the log's lock, or by repeatable reads. */
export async function readDocument(tx: Pick<Queryable, 'query'>, notebookId: string): Promise<StoredDocument | null> {
  const live = await tx.query('select 1 from notebooks where id = $1 and deleted_at is null', [notebookId]);
  if (live.rowCount === 0) return null;
  const { rows } = await tx.query<LogRow>(
    'select seq, data from document_checkpoints where notebook_id = $1 order by seq desc limit 1',
    [notebookId],
  );
  const checkpoint = rows[0];
  const { updates, seq } = await readAfter(tx, notebookId, BigInt(checkpoint?.seq ?? 0));
  return { checkpoint: checkpoint?.data ?? null, updates, seq, sinceCheckpoint: updates.length };
}

async function readAfter(
  db: Pick<Queryable, 'query'>,
  notebookId: string,
  seq: bigint,
): Promise<{ updates: Uint8Array[]; seq: bigint }> {
  const { rows } = await db.query<LogRow>(
    'select seq, data from document_updates where notebook_id = $1 and seq > $2 order by seq',
    [notebookId, String(seq)],
  );
  return { updates: rows.map((row) => row.data), seq: BigInt(rows.at(-1)?.seq ?? seq) };
}

/** Whoever holds it is the only one who writes this log, until the transaction ends. */
export async function lockNotebook(tx: Pick<Queryable, 'query'>, notebookId: string): Promise<void> {
  await tx.query('select pg_advisory_xact_lock(721, hashtext($1))', [notebookId]);
}

/** One statement for the whole batch; the announcement to other processes is part of the commit. */
export async function appendUpdates(
  tx: Pick<Queryable, 'query'>,
  bus: Bus,
  notebookId: string,
  updates: readonly LoggedUpdate[],
): Promise<Appended> {
  await lockNotebook(tx, notebookId);
  const { rows } = await tx.query<{ seq: string; previous: string }>(
    `insert into document_updates (notebook_id, user_id, data)
     select $1, u.user_id, u.data from unnest($2::text[], $3::bytea[]) with ordinality as u (user_id, data, n) order by u.n
     returning seq, (select coalesce(max(seq), 0) from document_updates where notebook_id = $1) as previous`,
    [notebookId, updates.map((one) => one.userId), updates.map((one) => Buffer.from(one.data))],
  );
  const seqs = rows.map((row) => BigInt(row.seq)).sort((a, b) => (a < b ? -1 : 1));
  const range = { from: seqs[0] ?? 0n, to: seqs.at(-1) ?? 0n, previous: BigInt(rows[0]?.previous ?? 0) };
  const message = { notebookId, from: String(range.from), to: String(range.to) };
  await tx.query(`select pg_notify('${CHANNEL}', payload) from unnest($1::text[]) as payload`, [
    bus.payloads('room', message),
  ]);
  return range;
}

async function saveCheckpoint(tx: pg.PoolClient, notebookId: string, seq: bigint, data: Uint8Array): Promise<void> {
  await tx.query(
    'insert into document_checkpoints (notebook_id, seq, data) values ($1, $2, $3) on conflict (notebook_id, seq) do nothing',
    [notebookId, String(seq), Buffer.from(data)],
  );
  await tx.query(
    `delete from document_checkpoints where notebook_id = $1 and seq not in
       (select seq from document_checkpoints where notebook_id = $1 order by seq desc limit $2)`,
    [notebookId, KEPT_CHECKPOINTS],
  );
}
