import type { PastQuery, QueryParams, SqlTabs } from '@datacraft/shared';
import { Fault, newId } from '@datacraft/shared';
import type pg from 'pg';

type Db = Pick<pg.Pool, 'query'>;

const KEPT = 200;

export async function loadTabs(db: Db, userId: string): Promise<SqlTabs | null> {
  const { rows } = await db.query<{ tabs: SqlTabs }>('select tabs from sql_tabs where user_id = $1', [userId]);
  return rows[0]?.tabs ?? null;
}

export async function saveTabs(db: Db, userId: string, tabs: SqlTabs): Promise<void> {
  await db.query(
    `insert into sql_tabs (user_id, tabs) values ($1, $2)
     on conflict (user_id) do update set tabs = excluded.tabs, updated_at = now()`,
    [userId, JSON.stringify(tabs)],
  );
}

export async function loadHistory(db: Db, userId: string): Promise<PastQuery[]> {
  const { rows } = await db.query<Omit<PastQuery, 'rows' | 'at'> & { rows: string; at: Date }>(
    'select sql, params, ms, rows, failed, at from sql_history where user_id = $1 order by id desc limit $2',
    [userId, KEPT],
  );
  return rows.map((row) => ({ ...row, rows: Number(row.rows), at: row.at.toISOString() }));
}

/** The same text is kept once, and of each person the latest. */
export async function addToHistory(db: Db, userId: string, entry: Omit<PastQuery, 'at'>): Promise<void> {
  const { sql, params, ms, rows, failed } = entry;
  await db.query('delete from sql_history where user_id = $1 and sql = $2', [userId, sql]);
  await db.query('insert into sql_history (user_id, sql, params, ms, rows, failed) values ($1, $2, $3, $4, $5, $6)', [
    userId,
    sql,
    JSON.stringify(params),
    Math.round(ms),
    rows,
    failed,
  ]);
  await db.query(
    'delete from sql_history where user_id = $1 and id not in (select id from sql_history where user_id = $1 order by id desc limit $2)',
    [userId, KEPT],
  );
}

export async function clearHistory(db: Db, userId: string): Promise<void> {
  await db.query('delete from sql_history where user_id = $1', [userId]);
}

export interface StoredQuery {
  readonly id: string;
  readonly name: string;
  readonly sql: string;
  readonly params: QueryParams;
  readonly reads: readonly string[];
  readonly createdBy: string | null;
  readonly author: string | null;
  readonly updatedAt: Date;
}

export async function loadQueries(db: Db): Promise<StoredQuery[]> {
  const { rows } = await db.query<StoredQuery>(
    `select q.id, q.name, q.sql, q.params, q.reads, q.created_by as "createdBy", u.name as author, q.updated_at as "updatedAt"
       from saved_queries q left join users u on u.id = q.created_by order by lower(q.name), q.id`,
  );
  return rows;
}

type QueryText = Pick<StoredQuery, 'name' | 'sql' | 'params' | 'reads'>;

export async function insertQuery(db: Db, userId: string, { name, sql, params, reads }: QueryText): Promise<string> {
  const id = newId<string>('qry');
  await db.query(
    'insert into saved_queries (id, name, sql, params, reads, created_by) values ($1, $2, $3, $4, $5, $6)',
    [id, name, sql, JSON.stringify(params), reads, userId],
  );
  return id;
}

export async function updateQuery(db: Db, id: string, { name, sql, params, reads }: QueryText): Promise<void> {
  await db.query(
    'update saved_queries set name = $2, sql = $3, params = $4, reads = $5, updated_at = now() where id = $1',
    [id, name, sql, JSON.stringify(params), reads],
  );
}

export async function deleteQuery(db: Db, id: string): Promise<void> {
  const { rowCount } = await db.query('delete from saved_queries where id = $1', [id]);
  if (rowCount === 0) throw new Fault('not-found', 'there is no such saved query');
}
