/** Asking for dead letters to be read again, and what came of it. */
import type { Notebook, StreamReplay, TaskError } from '@datacraft/shared';
import { Fault, newId } from '@datacraft/shared';
import type { Database, Queryable } from './database.ts';
import type { StreamLease } from './streams.ts';

/** The stream goes on with this text of its notebook: whoever runs it with another one stops. Throws `conflict`. */
export async function askReplay(
  db: Database,
  asked: {
    readonly streamId: string;
    readonly document: Notebook;
    readonly letters: readonly string[] | null;
    readonly by: string | null;
  },
): Promise<string> {
  const id = newId<string>('rep');
  await db.transaction(async (tx) => {
    await tx.query(
      `update streams set document = $2, lease_epoch = lease_epoch + 1, lease_expires_at = null where id = $1 and document <> $2::jsonb`,
      [asked.streamId, JSON.stringify(asked.document)],
    );
    const { rowCount } = await tx.query(
      `insert into stream_replays (id, stream_id, letters, asked_by) values ($1, $2, $3, $4)
       on conflict (stream_id) where state = 'asked' do nothing`,
      [id, asked.streamId, asked.letters === null ? null : [...asked.letters], asked.by],
    );
    if (rowCount !== 1)
      throw new Fault('conflict', 'what was set aside is being read again already; wait until that is done');
  });
  return id;
}

export interface AskedReplay {
  readonly id: string;
  readonly letters: readonly string[] | null;
}

export async function nextReplay(db: Queryable, streamId: string): Promise<AskedReplay | null> {
  const { rows } = await db.query<AskedReplay>(
    `select id, letters from stream_replays where stream_id = $1 and state = 'asked'`,
    [streamId],
  );
  return rows[0] ?? null;
}

export interface ReplayStep {
  readonly landed: number;
  readonly kept: number;
  /** Nothing is left to read. */
  readonly isLast: boolean;
}

/** Part of the transaction in which the rows land. */
export async function recordReplay(tx: Queryable, id: string, step: ReplayStep): Promise<void> {
  const { rowCount } = await tx.query(
    `update stream_replays set landed = landed + $2, kept = kept + $3, state = case when $4 then 'done' else state end,
            finished_at = case when $4 then clock_timestamp() end
      where id = $1 and state = 'asked'`,
    [id, step.landed, step.kept, step.isLast],
  );
  if (rowCount !== 1) throw new Fault('conflict', 'this was done already; nothing was written twice');
}

export async function failReplay(db: Queryable, lease: StreamLease, id: string, error: TaskError): Promise<void> {
  await db.query(
    `update stream_replays set state = 'failed', error = $3, finished_at = now()
      where id = $1 and state = 'asked' and exists (select 1 from streams s where s.id = stream_id and s.lease_epoch = $2)`,
    [id, lease.epoch, JSON.stringify(error)],
  );
}

export async function listReplays(db: Queryable, streamId: string): Promise<StreamReplay[]> {
  const { rows } = await db.query<
    Omit<StreamReplay, 'askedAt' | 'finishedAt'> & { askedAt: Date; finishedAt: Date | null }
  >(
    `select r.id, cardinality(r.letters) as letters, r.state, r.landed::integer, r.kept::integer, r.error, u.name as by,
            r.asked_at as "askedAt", r.finished_at as "finishedAt"
       from stream_replays r left join users u on u.id = r.asked_by where r.stream_id = $1 order by r.asked_at desc limit 10`,
    [streamId],
  );
  return rows.map((row) => ({
    ...row,
    askedAt: row.askedAt.toISOString(),
    finishedAt: row.finishedAt?.toISOString() ?? null,
  }));
}
