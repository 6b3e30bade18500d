import type { LogLine } from '@datacraft/shared';
import type { Keeping, Queryable } from './database.ts';
import { keepingSql } from './database.ts';
import type { Lease } from './lease.ts';
import { leaseLost } from './lease.ts';

/** In order; only by the holder of the lease, while the run goes on: a finished run's log never changes. */
export async function appendLog(
  db: Queryable,
  lease: Lease,
  lines: readonly Omit<LogLine, 'id'>[],
  keeping: Keeping = 'kept',
): Promise<void> {
  if (lines.length === 0) return;
  const { rowCount } = await db.query(
    `insert into run_logs (run_id, at, level, cell, message)
     select held.id, (line.value ->> 'at')::timestamptz, line.value ->> 'level', line.value ->> 'cell', line.value ->> 'message'
       from (select id from runs where id = $1 and lease_epoch = $2 and state = 'running' for key share) as held,
            jsonb_array_elements($3::jsonb) with ordinality as line (value, position), ${keepingSql(keeping)}
      order by line.position`,
    [lease.runId, lease.epoch, JSON.stringify(lines)],
  );
  if (rowCount === 0) throw leaseLost(lease);
}

/** At most `limit` lines after the one of this id. */
export async function loadLog(db: Queryable, runId: string, after: string, limit: number): Promise<LogLine[]> {
  const { rows } = await db.query<{
    id: string;
    at: Date;
    level: LogLine['level'];
    cell: string | null;
    message: string;
  }>(
    `select id::text, at, level, cell, message from run_logs where run_id = $1 and id > $2::bigint order by run_logs.id limit $3`,
    [runId, after, limit],
  );
  return rows.map((row) => ({ ...row, at: row.at.toISOString() }));
}
