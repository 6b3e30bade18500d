import type { JsonObject, Notebook, RelationRef, StreamProgress, TaskError } from '@datacraft/shared';
import { Fault, say } from '@datacraft/shared';
import type { Database, Queryable } from './database.ts';

/** The one runner of a stream: every commit of it carries the epoch, and a newer epoch makes it fail. */
export interface StreamLease {
  readonly streamId: string;
  readonly epoch: number;
}

const LEASE_MS = 10_000;

export interface NewStream {
  readonly id: string;
  readonly notebookId: string;
  readonly cell: string;
  readonly relation: string;
  readonly sourceType: string;
  readonly document: Notebook;
  readonly commitMs: number;
  readonly startedBy: string | null;
}

/** Starts a stream, or starts it anew with the notebook as it is now: whoever runs it with the text before stops. */
export async function startStream(db: Queryable, stream: NewStream): Promise<string> {
  const { rows } = await db.query<{ id: string }>(
    `insert into streams (id, notebook_id, cell, relation, source_type, document, commit_ms, started_by, state)
     values ($1, $2, $3, $4, $5, $6, $7, $8, 'live')
     on conflict (notebook_id, cell) do update set relation = excluded.relation, source_type = excluded.source_type,
       document = excluded.document, commit_ms = excluded.commit_ms, started_by = excluded.started_by, started_at = now(),
       state = 'live', error = null, progress = jsonb_strip_nulls(jsonb_build_object('tables', streams.progress -> 'tables')), judged_from = now(), lease_epoch = streams.lease_epoch + 1, lease_expires_at = null
     returning id`,
    [
      stream.id,
      stream.notebookId,
      stream.cell,
      stream.relation,
      stream.sourceType,
      JSON.stringify(stream.document),
      stream.commitMs,
      stream.startedBy,
    ],
  );
  return rows[0]?.id ?? stream.id;
}

/** Its runner publishes nothing after this: the epoch is another one. */
export async function pauseStream(db: Queryable, id: string): Promise<void> {
  await db.query(
    `update streams set state = 'paused', lease_epoch = lease_epoch + 1, lease_expires_at = null where id = $1`,
    [id],
  );
}

export async function resumeStream(db: Queryable, id: string): Promise<void> {
  await db.query(
    `update streams set state = 'live', error = null, judged_from = now() where id = $1 and state <> 'live'`,
    [id],
  );
}

/** Where it will be read on, while it stands and nobody moved it. Throws `conflict`. */
export async function moveStream(
  db: Database,
  move: {
    readonly streamId: string;
    readonly ref: RelationRef;
    readonly before: JsonObject;
    readonly after: JsonObject;
  },
): Promise<void> {
  await db.transaction(async (tx) => {
    const stream = await tx.query(
      `update streams set lease_epoch = lease_epoch + 1, lease_expires_at = null, error = null, progress = progress - '{waiting,waitingSaid,waitingSince,isAway}'::text[],
              state = 'paused' where id = $1 and state <> 'live'`,
      [move.streamId],
    );
    if (stream.rowCount !== 1) throw new Fault('conflict', 'the stream is live; pause it, then move it');
    const { rowCount } = await tx.query(
      `update relations set definition = jsonb_set(definition, '{source,state}', $3)
        where layer = $1 and name = $2 and definition -> 'source' -> 'state' = $4::jsonb`,
      [move.ref.layer, move.ref.name, JSON.stringify(move.after), JSON.stringify(move.before)],
    );
    if (rowCount !== 1) throw new Fault('conflict', 'the stream was read on meanwhile; look again, then confirm that');
  });
}

export interface ClaimedStream {
  readonly lease: StreamLease;
  readonly notebookId: string;
  readonly cell: string;
  readonly document: unknown;
  readonly commitMs: number;
  /** What was told of it last. */
  readonly progress: StreamProgress;
  /** False: it is only taken for what was asked of it beside. */
  readonly isLive: boolean;
}

/** It is live, or letters of it wait to be read again. */
const TO_RUN = `(state = 'live' or exists (
  select 1 from stream_replays where stream_replays.stream_id = streams.id and stream_replays.state = 'asked'))`;

/** Takes a live stream that nobody runs; `dead` are holders known to be gone. Null when all are run. */
export async function claimStream(
  db: Queryable,
  holder: string,
  dead: readonly string[],
): Promise<ClaimedStream | null> {
  const { rows } = await db.query<{
    id: string;
    lease_epoch: number;
    notebook_id: string;
    cell: string;
    document: unknown;
    commit_ms: number;
    progress: StreamProgress;
    is_live: boolean;
  }>(
    `update streams set lease_holder = $1, lease_epoch = lease_epoch + 1,
            lease_expires_at = now() + $3 * interval '1 millisecond'
      where id = (
        select id from streams where ${TO_RUN}
           and (lease_expires_at is null or lease_expires_at < now() or lease_holder = any($2))
           and exists (select 1 from notebooks n where n.id = streams.notebook_id and n.deleted_at is null)
         order by started_at limit 1 for update skip locked)
      returning id, lease_epoch, notebook_id, cell, document, commit_ms, progress, state = 'live' as is_live`,
    [holder, [...dead], LEASE_MS],
  );
  const [row] = rows;
  if (!row) return null;
  const lease = { streamId: row.id, epoch: row.lease_epoch };
  return {
    lease,
    notebookId: row.notebook_id,
    cell: row.cell,
    document: row.document,
    commitMs: row.commit_ms,
    progress: row.progress,
    isLive: row.is_live,
  };
}

export async function streamHolders(db: Queryable): Promise<string[]> {
  const { rows } = await db.query<{ holder: string }>(
    `select distinct lease_holder as holder from streams where ${TO_RUN} and lease_expires_at is not null and lease_holder is not null`,
  );
  return rows.map((row) => row.holder);
}

export async function anyToRun(db: Queryable): Promise<boolean> {
  return (await db.query(`select 1 from streams where ${TO_RUN} limit 1`)).rows.length > 0;
}

/** Throws `lease-lost` when the stream was paused, started anew, or is run by another. */
export async function renewStream(db: Queryable, lease: StreamLease, progress: object): Promise<void> {
  const { rowCount } = await db.query(
    `update streams set lease_expires_at = now() + $3 * interval '1 millisecond', progress = $4
      where id = $1 and lease_epoch = $2 and ${TO_RUN}
        and exists (select 1 from notebooks n where n.id = streams.notebook_id and n.deleted_at is null)`,
    [lease.streamId, lease.epoch, LEASE_MS, JSON.stringify(progress)],
  );
  if (rowCount !== 1) throw streamLost(lease);
}

/** The same while there is nothing to tell. */
export async function keepStream(db: Queryable, lease: StreamLease): Promise<void> {
  const { rowCount } = await db.query(
    `update streams set lease_expires_at = now() + $3 * interval '1 millisecond'
      where id = $1 and lease_epoch = $2 and ${TO_RUN}`,
    [lease.streamId, lease.epoch, LEASE_MS],
  );
  if (rowCount !== 1) throw streamLost(lease);
}

export async function releaseStream(db: Queryable, lease: StreamLease): Promise<void> {
  await db.query('update streams set lease_expires_at = null where id = $1 and lease_epoch = $2', [
    lease.streamId,
    lease.epoch,
  ]);
}

/** The fence of a commit: locks the stream's row and proves that it is still this runner's (I5). */
export async function holdStream(tx: Queryable, lease: StreamLease): Promise<void> {
  const { rows } = await tx.query(
    `select 1 from streams where id = $1 and lease_epoch = $2 and ${TO_RUN} for no key update`,
    [lease.streamId, lease.epoch],
  );
  if (rows.length === 0) throw streamLost(lease);
}

/** Rows of the last hour's commits, since it was started or resumed. */
export async function judgedBefore(db: Queryable, id: string): Promise<{ good: number; bad: number }> {
  const { rows } = await db.query<{ good: string; bad: string }>(
    `select coalesce(sum(c.rows), 0) as good, coalesce(sum(c.rejected), 0) as bad
       from stream_commits c join streams s on s.id = c.stream_id where s.id = $1 and c.at >= s.judged_from`,
    [id],
  );
  return { good: Number(rows[0]?.good ?? 0), bad: Number(rows[0]?.bad ?? 0) };
}

export interface CommitFacts {
  readonly rows: number;
  readonly rejected: number;
  readonly lag: number | null;
  readonly tookMs: number;
  readonly progress: object;
}

/** Part of the commit's transaction. */
export async function recordCommit(tx: Queryable, lease: StreamLease, facts: CommitFacts): Promise<void> {
  await tx.query(
    `update streams set rows_in = rows_in + $2, rows_rejected = rows_rejected + $3, commits = commits + 1,
            last_commit_at = clock_timestamp(), progress = $4, lease_expires_at = clock_timestamp() + $5 * interval '1 millisecond'
      where id = $1`,
    [lease.streamId, facts.rows, facts.rejected, JSON.stringify(facts.progress), LEASE_MS],
  );
  await tx.query(
    `insert into stream_commits (stream_id, at, rows, rejected, lag, took_ms) values ($1, clock_timestamp(), $2, $3, $4, $5)`,
    [lease.streamId, facts.rows, facts.rejected, facts.lag, facts.tookMs],
  );
  await tx.query(`delete from stream_commits where stream_id = $1 and at < now() - interval '1 hour'`, [
    lease.streamId,
  ]);
}

/** It stays as it is until somebody resumes it. */
export async function failStream(db: Queryable, lease: StreamLease, error: TaskError): Promise<void> {
  await db.query(
    `update streams set state = 'failed', error = $3, lease_expires_at = null where id = $1 and lease_epoch = $2 and state = 'live'`,
    [lease.streamId, lease.epoch, JSON.stringify(error)],
  );
}

function streamLost({ streamId }: StreamLease): Fault {
  return new Fault(
    'lease-lost',
    say('stream {streamId} was paused, started anew or taken over; this runner stops without publishing', { streamId }),
  );
}
