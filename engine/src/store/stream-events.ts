import type { Database, Queryable } from './database.ts';

/** An event on its way into the log of a source. */
export interface PushedEvent {
  /** Null: every event is new. */
  readonly key: string | null;
  /** JSON. */
  readonly body: string;
}

/**
 * Adds events to the log of a source, those whose key is there already left out; answers how many were new. Writers of
 * one source take turns, so that the order of numbers is that of commits and a reader that goes by them misses none.
 */
export async function appendEvents(
  db: Database,
  relation: string,
  events: readonly PushedEvent[],
  userId: string | null,
): Promise<number> {
  if (events.length === 0) return 0;
  return db.transaction(async (tx) => {
    await tx.query(`select pg_advisory_xact_lock(hashtextextended('stream:' || $1, 0))`, [relation]);
    const { rowCount } = await tx.query(
      `insert into stream_events (relation, key, body, received_by)
       select $1, pushed.key, pushed.body, $4 from unnest($2::text[], $3::text[]) with ordinality as pushed (key, body, place)
       order by pushed.place
       on conflict (relation, key) where key is not null do nothing`,
      [relation, events.map(({ key }) => key), events.map(({ body }) => body), userId],
    );
    return rowCount ?? 0;
  });
}

export interface LoggedEvent {
  readonly seq: string;
  readonly body: string;
  /** Epoch ms. */
  readonly receivedMs: string;
}

/** Events after `seq`, in their order, at most `limit`. */
export async function readEvents(db: Queryable, relation: string, seq: string, limit: number): Promise<LoggedEvent[]> {
  const { rows } = await db.query<LoggedEvent>(
    `select seq::text, body, floor(extract(epoch from received_at) * 1000)::bigint::text as "receivedMs"
       from stream_events where relation = $1 and seq > $2 order by stream_events.seq limit $3`,
    [relation, seq, limit],
  );
  return rows;
}

/** The numbers of a source's events: the first, the next that will come, and the first that came at or after a time. */
export async function eventSpan(
  db: Queryable,
  relation: string,
  at: Date | null,
): Promise<{ readonly low: bigint; readonly high: bigint; readonly at: bigint }> {
  const { rows } = await db.query<{ low: string | null; high: string | null; at: string | null }>(
    `select min(seq)::text as low, (max(seq) + 1)::text as high, (min(seq) filter (where received_at >= $2))::text as at
       from stream_events where relation = $1`,
    [relation, at],
  );
  const high = BigInt(rows[0]?.high ?? '1');
  return { low: BigInt(rows[0]?.low ?? '1'), high, at: BigInt(rows[0]?.at ?? high) };
}

/** Of `from` up to before `to`. */
export async function countEvents(db: Queryable, relation: string, from: bigint, to: bigint): Promise<bigint> {
  const { rows } = await db.query<{ n: string }>(
    'select count(*)::text as n from stream_events where relation = $1 and seq >= $2 and seq < $3',
    [relation, from.toString(), to.toString()],
  );
  return BigInt(rows[0]?.n ?? '0');
}

export async function countEventsAfter(db: Queryable, relation: string, seq: string): Promise<number> {
  const { rows } = await db.query<{ n: string }>(
    'select count(*)::text as n from stream_events where relation = $1 and seq > $2',
    [relation, seq],
  );
  return Number(rows[0]?.n ?? 0);
}
