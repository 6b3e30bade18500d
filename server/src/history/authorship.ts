import type { CellBlame, ClockRange } from '@datacraft/shared/ydoc';
import { blameCell, cellsMap, cellsTouchedBy, rangesOf } from '@datacraft/shared/ydoc';
import type { CellId, Wrote } from '@datacraft/shared';
import type pg from 'pg';
import { withTransaction } from '../database/pool.ts';
import type { Room } from '../room/room.ts';

/**
 * Who brought which part of a document, read from the update log into ranges that outlive it.
 *
 * A1  Ranges are read in the order of the log and the first to bring one is its author; reading twice changes nothing.
 */
interface LogRow {
  seq: string;
  user_id: string | null;
  data: Buffer;
  created_at: Date;
}

const AT_ONCE = 2_000;

/** Reads what is new in the log; answers up to where it was read. */
export async function readAuthors(pool: pg.Pool, notebookId: string): Promise<bigint> {
  for (;;) {
    const { read, seq } = await withTransaction(pool, (tx) => readSome(tx, notebookId));
    if (read < AT_ONCE) return seq;
  }
}

async function readSome(tx: pg.PoolClient, notebookId: string): Promise<{ read: number; seq: bigint }> {
  await tx.query('select pg_advisory_xact_lock(722, hashtext($1))', [notebookId]);
  const known = await tx.query<{ seq: string }>('select seq from document_authors_read where notebook_id = $1', [
    notebookId,
  ]);
  const from = known.rows[0]?.seq ?? '0';
  const { rows } = await tx.query<LogRow>(
    `select seq, user_id, data, created_at from document_updates where notebook_id = $1 and seq > $2 order by seq limit ${AT_ONCE}`,
    [notebookId, from],
  );
  const seq = rows.at(-1)?.seq ?? from;
  if (rows.length === 0) return { read: 0, seq: BigInt(seq) };
  const ranges = joined(rows);
  await tx.query(
    `insert into document_authors (notebook_id, client, clock, length, user_id, at)
     select $1, r.* from unnest($2::bigint[], $3::bigint[], $4::int[], $5::text[], $6::timestamptz[]) as r
     on conflict (notebook_id, client, clock) do nothing`,
    [
      notebookId,
      ranges.map((one) => one.client),
      ranges.map((one) => one.clock),
      ranges.map((one) => one.length),
      ranges.map((one) => one.userId),
      ranges.map((one) => one.at),
    ],
  );
  await tx.query(
    `insert into document_authors_read (notebook_id, seq) values ($1, $2)
     on conflict (notebook_id) do update set seq = excluded.seq`,
    [notebookId, seq],
  );
  return { read: rows.length, seq: BigInt(seq) };
}

interface AuthoredRange extends ClockRange {
  readonly userId: string | null;
  readonly at: Date;
}

/** Runs of one client and user that follow each other within a minute are one range. */
function joined(rows: readonly LogRow[]): AuthoredRange[] {
  const found: AuthoredRange[] = [];
  const last = new Map<number, number>();
  for (const row of rows) {
    for (const { client, clock, length } of rangesOf(row.data).written) {
      const index = last.get(client);
      const before = index === undefined ? undefined : found[index];
      const follows = before && before.clock + before.length === clock && before.userId === row.user_id;
      if (index !== undefined && follows && row.created_at.getTime() - before.at.getTime() < 60_000)
        found[index] = { ...before, length: before.length + length };
      else last.set(client, found.push({ client, clock, length, userId: row.user_id, at: row.created_at }) - 1);
    }
  }
  return found;
}

/** Who wrote the lines and settings of every cell of the document as it is now. */
export async function blameOf(
  pool: pg.Pool,
  notebookId: string,
  doc: Room['doc'],
): Promise<Record<string, CellBlame<Wrote>>> {
  await readAuthors(pool, notebookId);
  const { rows } = await pool.query<{
    client: string;
    clock: string;
    length: number;
    user_id: string | null;
    name: string | null;
    at: Date;
  }>(
    `select a.client, a.clock, a.length, a.user_id, u.name, a.at from document_authors a left join users u on u.id = a.user_id
      where a.notebook_id = $1 order by a.client, a.clock`,
    [notebookId],
  );
  const byClient = Map.groupBy(rows, (row) => Number(row.client));
  const whoWrote = (client: number, clock: number): Wrote | null => {
    const ranges = byClient.get(client) ?? [];
    let [low, high] = [0, ranges.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (Number(ranges[middle]?.clock) <= clock) low = middle + 1;
      else high = middle;
    }
    const range = ranges[low - 1];
    if (!range || Number(range.clock) + range.length <= clock) return null;
    return { id: range.user_id, name: range.name ?? '', at: range.at.toISOString() };
  };
  const cells: Record<string, CellBlame<Wrote>> = {};
  for (const id of cellsMap(doc).keys()) {
    const blame = blameCell(doc, id as CellId, whoWrote);
    if (blame) cells[id] = blame;
  }
  return cells;
}

/** Cell id -> ids of the people whose updates after `from` touched it, as far as the log still has them. */
export async function touchedSince(
  tx: Pick<pg.Pool, 'query'> | pg.PoolClient,
  notebookId: string,
  from: bigint,
  touchedBy: (ranges: readonly ClockRange[]) => readonly string[],
): Promise<Record<string, string[]>> {
  const { rows } = await tx.query<LogRow>(
    'select seq, user_id, data, created_at from document_updates where notebook_id = $1 and seq > $2 order by seq',
    [notebookId, String(from)],
  );
  const byUser = Map.groupBy(
    rows.filter((row) => row.user_id !== null),
    (row) => row.user_id ?? '',
  );
  const cells: Record<string, string[]> = {};
  for (const [userId, updates] of byUser) {
    const ranges = updates.flatMap(({ data }) => {
      const { written, deleted } = rangesOf(data);
      return [...written, ...deleted];
    });
    for (const cellId of touchedBy(ranges)) (cells[cellId] ??= []).push(userId);
  }
  return cells;
}

/** The cells that these parts of the log wrote or deleted something in. */
export function touchedCells(doc: Room['doc'], ranges: readonly ClockRange[]): CellId[] {
  const byClient = Map.groupBy(ranges, (range) => range.client);
  return cellsTouchedBy(doc, (client, clock, length) =>
    (byClient.get(client) ?? []).some((one) => clock < one.clock + one.length && one.clock < clock + length),
  );
}
