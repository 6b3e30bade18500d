import type { ExportReport, RelationRef } from '@datacraft/shared';
import type { Queryable } from './database.ts';

export interface ExportPlace {
  readonly runId: string;
  readonly cell: string;
  readonly target: string;
  readonly ref: RelationRef;
}

/** What is about to be sent; another try of the same run counts on. */
export async function beginExport(db: Queryable, { runId, cell, target, ref }: ExportPlace): Promise<void> {
  await db.query(
    `insert into exports (run_id, cell, target, layer, name, state, attempts) values ($1, $2, $3, $4, $5, 'pending', 1)
     on conflict (run_id, cell, target) do update set state = 'pending', attempts = exports.attempts + 1, updated_at = now()`,
    [runId, cell, target, ref.layer, ref.name],
  );
}

export async function endExport(
  db: Queryable,
  { runId, cell, target }: ExportPlace,
  outcome: { readonly snapshotId: string; readonly rows: number } | { readonly error: string },
): Promise<void> {
  const done = 'rows' in outcome;
  await db.query(
    `update exports set state = $4, snapshot_id = $5, rows = $6, error = $7, updated_at = now()
     where run_id = $1 and cell = $2 and target = $3`,
    [
      runId,
      cell,
      target,
      done ? 'delivered' : 'failed',
      done ? outcome.snapshotId : null,
      done ? outcome.rows : null,
      done ? null : outcome.error,
    ],
  );
}

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
