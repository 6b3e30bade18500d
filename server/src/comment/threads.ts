/**
 * What people say about a notebook, beside its document.
 *
 * C1  A thread is never lost: its quote and the name of its cell are kept when what it was about is gone.
 * C2  Whoever is mentioned, and whoever took part in a thread that is answered, hears of it once per comment; nobody
 *     hears of their own.
 * C3  A comment is changed and deleted by its author alone; deleting takes the words, not the place in the thread.
 */
import type { CellId, Comment, CommentPlace, CommentThread, NewCommentThread, UserId } from '@datacraft/shared';
import { Fault, newId, say } from '@datacraft/shared';
import type pg from 'pg';
import { visibleTo } from '../auth/permission.ts';
import { withTransaction } from '../database/pool.ts';
import { notify } from './notifications.ts';

interface ThreadRow {
  id: string;
  place: CommentPlace;
  cell_id: CellId;
  anchor_start: string | null;
  anchor_end: string | null;
  quote: string;
  cell_label: string;
  created_at: Date;
  resolved_at: Date | null;
  resolved_by: UserId | null;
  resolver: string | null;
  unread: boolean;
}

interface CommentRow {
  id: string;
  thread_id: string;
  author_id: UserId | null;
  author: string | null;
  body: string;
  mentions: { id: UserId; name: string }[] | null;
  created_at: Date;
  edited_at: Date | null;
  deleted_at: Date | null;
}

/** As `reader` sees them. */
export async function listThreads(pool: pg.Pool, notebookId: string, reader: UserId): Promise<CommentThread[]> {
  const threads = await pool.query<ThreadRow>(
    `select t.id, t.place, t.cell_id, t.anchor_start, t.anchor_end, t.quote, t.cell_label, t.created_at, t.resolved_at,
            t.resolved_by, (select name from users where id = t.resolved_by) as resolver,
            exists (select 1 from comments c where c.thread_id = t.id and c.author_id is distinct from $2
                     and c.deleted_at is null and c.created_at > coalesce(r.read_at, '-infinity')) as unread
       from comment_threads t
       left join comment_reads r on r.thread_id = t.id and r.user_id = $2
      where t.notebook_id = $1 order by t.created_at, t.id`,
    [notebookId, reader],
  );
  const comments = await pool.query<CommentRow>(
    `select c.id, c.thread_id, c.author_id, u.name as author, case when c.deleted_at is null then c.body else '' end as body,
            c.created_at, c.edited_at, c.deleted_at,
            (select json_agg(json_build_object('id', m.id, 'name', m.name)) from users m
              where m.id = any (c.mentions) and c.deleted_at is null) as mentions
       from comments c join comment_threads t on t.id = c.thread_id
       left join users u on u.id = c.author_id
      where t.notebook_id = $1 order by c.created_at, c.id`,
    [notebookId],
  );
  const byThread = Map.groupBy(comments.rows, (row) => row.thread_id);
  return threads.rows.map((row) => threadOf(row, (byThread.get(row.id) ?? []).map(commentOf)));
}

export async function openThread(
  pool: pg.Pool,
  notebookId: string,
  by: UserId,
  thread: NewCommentThread & { cellLabel: string },
): Promise<string> {
  const id = newId<string>('thr');
  await withTransaction(pool, async (tx) => {
    await tx.query(
      `insert into comment_threads (id, notebook_id, place, cell_id, anchor_start, anchor_end, quote, cell_label, created_by)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
      [
        id,
        notebookId,
        thread.place,
        thread.cellId,
        thread.anchor?.start ?? null,
        thread.anchor?.end ?? null,
        thread.quote ?? '',
        thread.cellLabel,
        by,
      ],
    );
    await write(tx, id, by, thread.body, thread.mentions ?? []);
  });
  return id;
}

export async function reply(
  pool: pg.Pool,
  place: { notebookId: string; threadId: string },
  by: UserId,
  said: { body: string; mentions?: string[] | undefined },
): Promise<void> {
  await withTransaction(pool, async (tx) => {
    await demandThread(tx, place);
    await write(tx, place.threadId, by, said.body, said.mentions ?? []);
  });
}

export async function setResolved(
  pool: pg.Pool,
  place: { notebookId: string; threadId: string },
  by: UserId,
  resolved: boolean,
): Promise<void> {
  const { rowCount } = await pool.query(
    `update comment_threads set resolved_at = case when $4 then now() end, resolved_by = case when $4 then $3 end
      where id = $1 and notebook_id = $2`,
    [place.threadId, place.notebookId, by, resolved],
  );
  if (rowCount === 0) throw noThread(place.threadId);
}

export async function markRead(pool: pg.Pool, notebookId: string, by: UserId, threadIds: string[]): Promise<void> {
  await pool.query(
    `insert into comment_reads (thread_id, user_id, read_at)
     select id, $2, clock_timestamp() from comment_threads where notebook_id = $1 and id = any ($3)
     on conflict (thread_id, user_id) do update set read_at = excluded.read_at`,
    [notebookId, by, threadIds],
  );
  await pool.query(
    `update notifications n set read_at = now() from comments c
      where c.id = n.comment_id and n.user_id = $1 and n.read_at is null and c.thread_id = any ($2)`,
    [by, threadIds],
  );
}

/** `body` null deletes. */
export async function changeComment(
  pool: pg.Pool,
  place: { notebookId: string; commentId: string },
  by: UserId,
  body: string | null,
): Promise<void> {
  const { rowCount } = await pool.query(
    `update comments c set body = coalesce($4, ''), edited_at = case when $4::text is null then c.edited_at else now() end,
            deleted_at = case when $4::text is null then now() end
       from comment_threads t
      where c.id = $1 and t.id = c.thread_id and t.notebook_id = $2 and c.author_id = $3 and c.deleted_at is null`,
    [place.commentId, place.notebookId, by, body],
  );
  if (rowCount === 0)
    throw new Fault(
      'not-found',
      say('there is no comment {id} of yours here; only its author changes one', { id: place.commentId }),
    );
}

async function demandThread(tx: pg.PoolClient, place: { notebookId: string; threadId: string }): Promise<void> {
  const { rowCount } = await tx.query('select 1 from comment_threads where id = $1 and notebook_id = $2 for update', [
    place.threadId,
    place.notebookId,
  ]);
  if (rowCount === 0) throw noThread(place.threadId);
}

function noThread(id: string): Fault {
  return new Fault('not-found', say('there is no thread {id} in this notebook; load its comments again', { id }));
}

/** An answer reopens a resolved thread, and its author has read what came before. */
async function write(
  tx: pg.PoolClient,
  threadId: string,
  by: UserId,
  body: string,
  mentions: readonly string[],
): Promise<void> {
  const known = await tx.query<{ id: string }>(
    `select person.id from users person, comment_threads t join notebooks n on n.id = t.notebook_id
      where person.id = any ($1) and person.disabled_at is null and t.id = $2 and ${visibleTo('person.id')}`,
    [mentions, threadId],
  );
  const ids = known.rows.map((row) => row.id);
  const unknown = mentions.find((one) => !ids.includes(one));
  if (unknown !== undefined)
    throw new Fault(
      'bad-request',
      say('mentions: nobody with the id {id} may see this notebook; share it with them first', { id: unknown }),
      { field: 'mentions' },
    );
  const id = newId<string>('cmt');
  await tx.query(
    'insert into comments (id, thread_id, author_id, body, mentions, created_at) values ($1, $2, $3, $4, $5, clock_timestamp())',
    [id, threadId, by, body, ids],
  );
  await tx.query('update comment_threads set resolved_at = null, resolved_by = null where id = $1', [threadId]);
  await tx.query(
    `insert into comment_reads (thread_id, user_id, read_at) values ($1, $2, clock_timestamp())
     on conflict (thread_id, user_id) do update set read_at = excluded.read_at`,
    [threadId, by],
  );
  await notify(tx, { threadId, commentId: id, by, mentions: ids });
}

function threadOf(row: ThreadRow, comments: Comment[]): CommentThread {
  const { anchor_start: start, anchor_end: end } = row;
  return {
    id: row.id,
    place: row.place,
    cellId: row.cell_id,
    anchor: start !== null && end !== null ? { start, end } : null,
    quote: row.quote,
    cellLabel: row.cell_label,
    createdAt: row.created_at.toISOString(),
    resolvedAt: row.resolved_at?.toISOString() ?? null,
    resolvedBy: row.resolved_at ? { id: row.resolved_by, name: row.resolver ?? '' } : null,
    unread: row.unread,
    comments,
  };
}

function commentOf(row: CommentRow): Comment {
  return {
    id: row.id,
    author: { id: row.author_id, name: row.author ?? '' },
    body: row.body,
    mentions: row.mentions ?? [],
    createdAt: row.created_at.toISOString(),
    editedAt: row.edited_at?.toISOString() ?? null,
    deletedAt: row.deleted_at?.toISOString() ?? null,
  };
}
