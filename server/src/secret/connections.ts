import type { JsonObject } from '@datacraft/shared';
import { Fault, say } from '@datacraft/shared';
import type pg from 'pg';

export interface Connection {
  readonly name: string;
  readonly type: string;
  /** What cells of this connection have in common; names secrets as `secret://name`, holds none. */
  readonly config: JsonObject;
}

export interface ConnectionListing extends Connection {
  readonly description: string;
  readonly tags: readonly string[];
  readonly owner: string | null;
  readonly updatedAt: string;
  readonly checkedAt: string | null;
  readonly checkError: string | null;
}

export type ConnectionWords = Omit<Connection, 'name'> & Pick<ConnectionListing, 'description' | 'tags'>;

type Db = Pick<pg.Pool, 'query'>;

/** Throws `not-found` with what to do. */
export async function loadConnection(db: Db, name: string): Promise<Connection> {
  const { rows } = await db.query<Connection>('select name, type, config from connections where name = $1', [name]);
  const [found] = rows;
  if (found) return found;
  throw new Fault(
    'not-found',
    say('there is no connection {name}; make it in Sources, or correct connection:', { name }),
    {
      connection: name,
    },
  );
}

export async function listConnections(db: Db): Promise<ConnectionListing[]> {
  const { rows } = await db.query<ConnectionListing>(
    `select c.name, c.type, c.config, c.description, c.tags, users.name as owner,
       to_char(c.updated_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as "updatedAt",
       to_char(c.checked_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as "checkedAt",
       c.check_error as "checkError"
     from connections c left join users on users.id = c.owner_id order by c.name`,
  );
  return rows;
}

/** A place that changed was not checked yet. */
export async function saveConnection(
  db: Db,
  name: string,
  words: ConnectionWords,
  userId: string | null,
): Promise<void> {
  const { type, config, description, tags } = words;
  await db.query(
    `insert into connections (name, type, config, description, tags, owner_id) values ($1, $2, $3, $4, $5, $6)
     on conflict (name) do update set type = $2, config = $3, description = $4, tags = $5, updated_at = now(),
       checked_at = case when connections.type = $2 and connections.config = $3 then connections.checked_at end,
       check_error = case when connections.type = $2 and connections.config = $3 then connections.check_error end`,
    [name, type, JSON.stringify(config), description, tags, userId],
  );
}

/** False when there was none. */
export async function removeConnection(db: Db, name: string): Promise<boolean> {
  return (await db.query('delete from connections where name = $1', [name])).rowCount === 1;
}

export async function recordCheck(db: Db, name: string, error: string | null): Promise<void> {
  await db.query('update connections set checked_at = now(), check_error = $2 where name = $1', [name, error]);
}
