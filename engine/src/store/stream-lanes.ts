/** What a stream took of each partition. */
import type { StreamLane } from '@datacraft/shared';
import type { Queryable } from './database.ts';
import type { StreamLease } from './streams.ts';

export interface LaneFacts {
  readonly lane: string;
  readonly rows: number;
  readonly rejected: number;
}

/** Part of the commit's transaction: one statement, for the partitions that something came of. */
export async function recordLanes(tx: Queryable, lease: StreamLease, lanes: readonly LaneFacts[]): Promise<void> {
  if (lanes.length === 0) return;
  const rows = Object.fromEntries(lanes.map((each) => [each.lane, each.rows]));
  await tx.query(
    `with gone as (delete from stream_lane_commits where stream_id = $1 and at < now() - interval '1 minute'),
          came as (insert into stream_lane_commits (stream_id, at, rows) values ($1, clock_timestamp(), $5))
     insert into stream_lanes (stream_id, lane, rows, rejected, last_commit_at)
     select $1, each.lane, each.rows, each.rejected, clock_timestamp()
       from unnest($2::text[], $3::bigint[], $4::bigint[]) as each (lane, rows, rejected)
     on conflict (stream_id, lane) do update set rows = stream_lanes.rows + excluded.rows,
       rejected = stream_lanes.rejected + excluded.rejected, last_commit_at = excluded.last_commit_at`,
    [
      lease.streamId,
      lanes.map(({ lane }) => lane),
      lanes.map((each) => each.rows),
      lanes.map(({ rejected }) => rejected),
      JSON.stringify(rows),
    ],
  );
}

/** In the order of their names, numbers as numbers. */
export async function listLanes(db: Queryable, streamId: string): Promise<StreamLane[]> {
  const { rows } = await db.query<{ lane: string; rows: string; rejected: string; last_commit_at: Date; rate: string }>(
    `select l.lane, l.rows, l.rejected, l.last_commit_at, coalesce(lately.rows, 0) / 10.0 as rate
       from stream_lanes l left join (
         select each.key as lane, sum(each.value::bigint) as rows
           from stream_lane_commits c, jsonb_each_text(c.rows) as each
          where c.stream_id = $1 and c.at > now() - interval '10 seconds' group by 1) lately using (lane)
      where l.stream_id = $1`,
    [streamId],
  );
  const found = rows.map((row) => ({
    lane: row.lane,
    rows: Number(row.rows),
    rejected: Number(row.rejected),
    rate: Number(row.rate),
    lastCommitAt: row.last_commit_at.toISOString(),
  }));
  return found.toSorted((a, b) => a.lane.localeCompare(b.lane, 'en', { numeric: true }));
}
