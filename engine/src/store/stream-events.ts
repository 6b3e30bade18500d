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
