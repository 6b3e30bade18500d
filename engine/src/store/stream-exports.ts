import type { RelationRef, StreamExport } from '@datacraft/shared';
import type { Queryable } from './database.ts';
import type { StreamLease } from './streams.ts';
import { holdStream } from './streams.ts';

export interface StreamTarget {
  readonly cell: string;
  readonly target: string;
  readonly ref: RelationRef;
}

/** What became of a sending. Throws `lease-lost` when the stream is another runner's. */
export async function recordStreamExport(
  db: Queryable,
  lease: StreamLease,
  { cell, target, ref }: StreamTarget,
  outcome: { readonly snapshotId: string; readonly rows: number } | { readonly error: string },
): Promise<void> {
  await holdStream(db, lease);
  const done = 'rows' in outcome;
  await db.query(
    `insert into stream_exports (stream_id, cell, target, layer, name, state, snapshot_id, rows, error, failures)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
     on conflict (stream_id, cell, target) do update set layer = excluded.layer, name = excluded.name,
       state = excluded.state, snapshot_id = coalesce(excluded.snapshot_id, stream_exports.snapshot_id),
       rows = stream_exports.rows + excluded.rows, error = excluded.error,
       failures = case excluded.state when 'failed' then stream_exports.failures + 1 else 0 end, updated_at = now()`,
    [
      lease.streamId,
      cell,
      target,
      ref.layer,
      ref.name,
      done ? 'delivered' : 'failed',
      done ? outcome.snapshotId : null,
      done ? outcome.rows : 0,
      done ? null : outcome.error,
      done ? 0 : 1,
    ],
  );
}

export async function listStreamExports(db: Queryable, streamId: string): Promise<StreamExport[]> {
  const { rows } = await db.query<Omit<StreamExport, 'rows' | 'at'> & { rows: string; at: Date }>(
    `select cell, target, state, snapshot_id as "snapshotId", rows::text, error, failures, updated_at as at
       from stream_exports where stream_id = $1 order by cell, target`,
    [streamId],
  );
  return rows.map((row) => ({ ...row, rows: Number(row.rows), at: row.at.toISOString() }));
}
