/** Streams as people look at them. */
import type { Notebook, StreamSummary, TaskError } from '@datacraft/shared';
import type { Queryable } from './database.ts';

interface Row {
  id: string;
  notebook_id: string;
  notebook: string;
  cell: string;
  relation: string;
  source_type: string;
  state: StreamSummary['state'];
  error: TaskError | null;
  state_since: Date;
  commit_ms: number;
  running: boolean;
  progress: StreamSummary['progress'];
  rows_in: string;
  rows_rejected: string;
  letters: string;
  commits: string;
  last_commit_at: Date | null;
  started_at: Date;
  rate: string;
}

/** Of one notebook, or of all; those that fail first. */
export async function listStreams(
  db: Queryable,
  of: { notebookId?: string; id?: string } = {},
): Promise<StreamSummary[]> {
  const { rows } = await db.query<Row>(
    `select s.id, s.notebook_id, n.title as notebook, s.cell, s.relation, s.source_type, s.state, s.state_since, s.error, s.commit_ms,
            s.lease_expires_at is not null and s.lease_expires_at > now() as running, s.progress, s.rows_in, s.rows_rejected,
            s.commits, s.last_commit_at, s.started_at,
            coalesce((select r.row_count from relations r where r.layer || '.' || r.name = s.relation || '_rejects' and r.notebook_id = s.notebook_id), 0) as letters,
            (select coalesce(sum(c.rows), 0) / 10.0 from stream_commits c where c.stream_id = s.id and c.at > now() - interval '10 seconds') as rate
       from streams s join notebooks n on n.id = s.notebook_id
      where n.deleted_at is null and ($1::text is null or s.notebook_id = $1) and ($2::text is null or s.id = $2)
      order by case s.state when 'failed' then 0 when 'live' then 1 else 2 end, s.cell`,
    [of.notebookId ?? null, of.id ?? null],
  );
  return rows.map((row) => ({
    id: row.id,
    notebookId: row.notebook_id,
    notebook: row.notebook,
    cell: row.cell,
    relation: row.relation,
    sourceType: row.source_type,
    state: row.state,
    stateSince: row.state_since.toISOString(),
    running: row.running,
    error: row.error,
    commitMs: row.commit_ms,
    progress: row.progress,
    rows: Number(row.rows_in),
    rejected: Number(row.rows_rejected),
    letters: Number(row.letters),
    commits: Number(row.commits),
    rate: Number(row.rate),
    lastCommitAt: row.last_commit_at?.toISOString() ?? null,
    startedAt: row.started_at.toISOString(),
  }));
}

/** The notebook as it was when the stream was started; null of one that is gone. */
export async function loadStreamDocument(db: Queryable, id: string): Promise<Notebook | null> {
  const { rows } = await db.query<{ document: Notebook }>('select document from streams where id = $1', [id]);
  return rows[0]?.document ?? null;
}

export async function listCommits(db: Queryable, id: string) {
  const { rows } = await db.query<{ at: Date; rows: string; rejected: string; lag: string | null; took_ms: string }>(
    `select date_bin('5 seconds', at, timestamptz '2020-01-01') as at, sum(rows) as rows, sum(rejected) as rejected,
            max(lag) as lag, max(took_ms) as took_ms
       from stream_commits where stream_id = $1 and at > now() - interval '15 minutes' group by 1 order by 1`,
    [id],
  );
  return rows.map((row) => ({
    at: row.at.toISOString(),
    rows: Number(row.rows),
    rejected: Number(row.rejected),
    lag: row.lag === null ? null : Number(row.lag),
    tookMs: Number(row.took_ms),
  }));
}
