import type { JsonObject } from '@datacraft/shared';
import { Fault } from '@datacraft/shared';
import type pg from 'pg';

export interface Connection {
  readonly name: string;
  readonly type: string;
  /** What cells of this connection have in common; names secrets as `secret://name`, holds none. */
  readonly config: JsonObject;
}

/** Throws `not-found` with what to do. */
export async function loadConnection(db: Pick<pg.Pool, 'query'>, name: string): Promise<Connection> {
  const { rows } = await db.query<Connection>('select name, type, config from connections where name = $1', [name]);
  const [found] = rows;
  if (found) return found;
  throw new Fault('not-found', `there is no connection ${name}; make it in Sources, or correct connection:`, {
    connection: name,
  });
}
