import type { Queryable } from '@datacraft/engine';
import type { CommentPlace, Notification, NotebookId, Said, UserId } from '@datacraft/shared';
import { english } from '@datacraft/shared';
import type pg from 'pg';
import { visibleTo } from '../auth/permission.ts';

interface Row {
  id: string;
  kind: Notification['kind'];
  author_id: UserId | null;
  author: string | null;
  body: string;
  said: Said | null;
  notebook_id: NotebookId;
  title: string;
  thread_id: string | null;
  place: CommentPlace | null;
  created_at: Date;
  read_at: Date | null;
}

const SHOWN = 100;

/** The latest, unread and read; of deleted comments, of notebooks in the bin and of those no longer shared nothing is told. */
export async function listNotifications(pool: pg.Pool, userId: UserId): Promise<Notification[]> {
  const { rows } = await pool.query<Row>(
    `select told.id::text, told.kind, u.id as author_id, u.name as author, left(coalesce(c.body, told.body), 300) as body, told.said,
            n.id as notebook_id, n.title, t.id as thread_id, t.place, told.created_at, told.read_at
       from notifications told left join comments c on c.id = told.comment_id
       left join comment_threads t on t.id = c.thread_id
       join notebooks n on n.id = coalesce(told.notebook_id, t.notebook_id) and n.deleted_at is null and ${visibleTo('$1')}
       left join users u on u.id = coalesce(c.author_id, told.by_id)
      where told.user_id = $1 and c.deleted_at is null order by told.id desc limit $2`,
    [userId, SHOWN],
  );
  return rows.map((row) => ({
    id: row.id,
    kind: row.kind,
    by: { id: row.author_id, name: row.author ?? '' },
    body: row.body,
    said: row.said,
    notebook: { id: row.notebook_id, title: row.title },
    threadId: row.thread_id,
    place: row.place,
    createdAt: row.created_at.toISOString(),
    readAt: row.read_at?.toISOString() ?? null,
  }));
}

/** `ids` null means all. */
export async function readNotifications(pool: pg.Pool, userId: UserId, ids: readonly string[] | null): Promise<void> {
  await pool.query(
    'update notifications set read_at = now() where user_id = $1 and read_at is null and ($2::bigint[] is null or id = any ($2::bigint[]))',
    [userId, ids],
  );
}

/** That a schedule paused itself. */
export function tellPaused(tx: Queryable, notebookId: string, because: Said): Promise<void> {
  return tellOwner(tx, 'schedule-paused', notebookId, because);
}

/** Whoever set the schedule hears it; without them, whoever made the notebook. */
export async function tellOwner(
  tx: Queryable,
  kind: 'schedule-paused' | 'sensor-stopped',
  notebookId: string,
  because: Said,
): Promise<void> {
  await tx.query(
    `insert into notifications (user_id, kind, notebook_id, body, said)
     select u.id, $4, n.id, $2, $3 from notebooks n left join schedules s on s.notebook_id = n.id
       join users u on u.id = coalesce(s.owner_id, n.created_by) and u.disabled_at is null
      where n.id = $1`,
    [notebookId, english(because), JSON.stringify(because), kind],
  );
}

/** C2: the mentioned hear of a mention, everybody else of the thread of an answer, the author of nothing, and nobody of a notebook
 *  that is not theirs to see. */
export async function notify(
  tx: pg.PoolClient,
  said: { threadId: string; commentId: string; by: UserId; mentions: readonly string[] },
): Promise<void> {
  await tx.query(
    `insert into notifications (user_id, kind, comment_id)
     select person.id, case when person.id = any ($4) then 'mention' else 'reply' end, $2 from users person
      where person.id <> $3 and person.disabled_at is null and (person.id = any ($4) or exists (
        select 1 from comments c where c.thread_id = $1 and c.deleted_at is null and c.id <> $2
           and (c.author_id = person.id or person.id = any (c.mentions))))
        and exists (select 1 from comment_threads t join notebooks n on n.id = t.notebook_id
                     where t.id = $1 and ${visibleTo('person.id')})`,
    [said.threadId, said.commentId, said.by, said.mentions],
  );
}
