import type { ExportReport, RelationRef } from '@datacraft/shared';
import type { Queryable } from './database.ts';
import type { Lease } from './lease.ts';
import { leaseLost } from './lease.ts';

export interface ExportPlace {
  readonly runId: string;
  readonly cell: string;
  readonly target: string;
  readonly ref: RelationRef;
}

/** What a run has still to send: written in the transaction that publishes it, so that no kill loses it. */
export async function oweExports(tx: Queryable, places: readonly ExportPlace[]): Promise<void> {
  for (const { runId, cell, target, ref } of places)
    await tx.query(
      `insert into exports (run_id, cell, target, layer, name, state) values ($1, $2, $3, $4, $5, 'pending')
       on conflict (run_id, cell, target) do nothing`,
      [runId, cell, target, ref.layer, ref.name],
    );
}

/** Whether the run has published and only sends now. */
export async function owesExports(db: Queryable, runId: string): Promise<boolean> {
  const { rowCount } = await db.query('select 1 from exports where run_id = $1 limit 1', [runId]);
  return (rowCount ?? 0) > 0;
}

/** What is about to be sent; another try of the same run counts on. Only the holder of the lease says so. */
export async function beginExport(db: Queryable, lease: Lease, { cell, target }: ExportPlace): Promise<void> {
  const { rowCount } = await db.query(
    `update exports set attempts = attempts + 1, updated_at = now()
     where run_id = $1 and cell = $2 and target = $3 and ${HELD}`,
    [lease.runId, cell, target, lease.epoch],
  );
  if (rowCount !== 1) throw leaseLost(lease);
}

export async function endExport(
  db: Queryable,
  lease: Lease,
  { cell, target }: ExportPlace,
  outcome: { readonly snapshotId: string; readonly rows: number } | { readonly error: string },
): Promise<void> {
  const done = 'rows' in outcome;
  const { rowCount } = await db.query(
    `update exports set state = $5, snapshot_id = $6, rows = $7, error = $8, updated_at = now()
     where run_id = $1 and cell = $2 and target = $3 and ${HELD}`,
    [
      lease.runId,
      cell,
      target,
      lease.epoch,
      done ? 'delivered' : 'failed',
      done ? outcome.snapshotId : null,
      done ? outcome.rows : null,
      done ? null : outcome.error,
    ],
  );
  if (rowCount !== 1) throw leaseLost(lease);
}

const HELD = `exists (select 1 from runs where id = $1 and lease_epoch = $4 and state = 'running')`;

/** The snapshot that a target was last known to hold. */
export async function lastDelivered(db: Queryable, { ref, target }: ExportPlace): Promise<string | null> {
  const { rows } = await db.query<{ snapshot_id: string | null }>(
    `select snapshot_id from exports where layer = $1 and name = $2 and target = $3 and state = 'delivered'
     order by updated_at desc limit 1`,
    [ref.layer, ref.name, target],
  );
  return rows[0]?.snapshot_id ?? null;
}

export async function loadExports(db: Queryable, runId: string): Promise<ExportReport[]> {
  const { rows } = await db.query<Omit<ExportReport, 'rows' | 'at'> & { rows: string | null; at: Date }>(
    `select cell, target, state, snapshot_id as "snapshotId", rows::text, error, attempts, updated_at as at
     from exports where run_id = $1 order by cell, target`,
    [runId],
  );
  return rows.map((row) => ({ ...row, rows: row.rows === null ? null : Number(row.rows), at: row.at.toISOString() }));
}
