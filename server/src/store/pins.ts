import type { PinnedInput, PinRequest } from '@datacraft/shared';
import { Fault, say } from '@datacraft/shared';
import type pg from 'pg';

type Db = Pick<pg.Pool, 'query'>;

/** Whose rows, of which cell. */
export interface PinOf {
  readonly userId: string;
  readonly notebookId: string;
  readonly cellId: string;
}

export type StoredPin = Omit<PinnedInput, 'changedBy'> & { readonly seq: bigint };

const PINS_MOST = 50;

export async function loadPins(db: Db, { userId, notebookId }: Omit<PinOf, 'cellId'>): Promise<StoredPin[]> {
  const { rows } = await db.query<Omit<StoredPin, 'seq' | 'pinnedAt'> & { seq: string; pinnedAt: Date }>(
    `select cell_id as "cellId", name, columns, row_count as "rowCount", extent, seq, pinned_at as "pinnedAt"
       from pinned_inputs where user_id = $1 and notebook_id = $2 order by pinned_at, cell_id`,
    [userId, notebookId],
  );
  return rows.map((row) => ({ ...row, seq: BigInt(row.seq), pinnedAt: row.pinnedAt.toISOString() }));
}

export async function loadPinnedRows(db: Db, { userId, notebookId, cellId }: PinOf): Promise<Uint8Array> {
  const { rows } = await db.query<{ rows: Buffer }>(
    'select rows from pinned_inputs where user_id = $1 and notebook_id = $2 and cell_id = $3',
    [userId, notebookId, cellId],
  );
  const [found] = rows;
  if (!found) throw new Fault('not-found', 'you hold no rows of this cell; hold them first');
  return found.rows;
}

/** Takes the place of what the person held of this cell before. */
export async function savePin(db: Db, { userId, notebookId, cellId }: PinOf, pin: PinRequest): Promise<void> {
  const { rowCount } = await db.query(
    `insert into pinned_inputs (user_id, notebook_id, cell_id, name, columns, row_count, extent, rows, seq)
     select $1, $2, $3, $4, $5, $6, $7, $8,
            coalesce((select max(seq) from document_updates where notebook_id = $2), 0)
      where (select count(*) from pinned_inputs where user_id = $1 and notebook_id = $2 and cell_id <> $3) < ${PINS_MOST}
     on conflict (user_id, notebook_id, cell_id) do update set name = excluded.name, columns = excluded.columns,
       row_count = excluded.row_count, extent = excluded.extent, rows = excluded.rows, seq = excluded.seq, pinned_at = now()`,
    [
      userId,
      notebookId,
      cellId,
      pin.name,
      JSON.stringify(pin.columns),
      pin.rowCount,
      JSON.stringify(pin.extent),
      Buffer.from(pin.rows, 'base64'),
    ],
  );
  if (rowCount === 0)
    throw new Fault(
      'conflict',
      say('you hold the rows of {most} cells here; release one of them first', { most: PINS_MOST }),
    );
}

export async function releasePin(db: Db, { userId, notebookId, cellId }: PinOf): Promise<void> {
  await db.query('delete from pinned_inputs where user_id = $1 and notebook_id = $2 and cell_id = $3', [
    userId,
    notebookId,
    cellId,
  ]);
}
