import { connect as connectSocket } from 'node:net';
import type { DatabaseSource } from '@datacraft/shared';
import { asSaid, Fault, say } from '@datacraft/shared';
import type { Connection } from 'mysql2';
import { createConnection } from 'mysql2';
import type { DatabasePlace } from '../database/place.ts';
import { addressOf, placeOf, shownDatabase } from '../database/place.ts';
import type { PinnedAddress } from '../network/guarded-request.ts';
import type { RemoteAccess } from '../source.ts';

const CONNECT_MS = 15_000;

/** Does `work` on a connection of its own, which ends with it. Errors of the other side become faults. */
export async function withMysql<Result>(
  spec: DatabaseSource,
  remote: RemoteAccess,
  signal: AbortSignal | undefined,
  work: (connection: Connection) => Promise<Result>,
): Promise<Result> {
  const shownAs = shownDatabase(spec);
  const place = await placeOf(spec, remote, 3306);
  const address = await addressOf(place, remote, shownAs);
  signal?.throwIfAborted();
  const connection = await connect(place, address).catch((error: unknown) => {
    throw asFault(error, shownAs);
  });
  const stop = () => connection.destroy();
  signal?.addEventListener('abort', stop, { once: true });
  try {
    return await work(connection);
  } catch (error) {
    throw asFault(error, shownAs);
  } finally {
    signal?.removeEventListener('abort', stop);
    connection.destroy();
  }
}

async function connect(place: DatabasePlace, address: PinnedAddress): Promise<Connection> {
  if (place.sslmode === 'disable') return connected(place, address, false);
  try {
    return await connected(place, address, true);
  } catch (error) {
    if (place.sslmode !== 'prefer' || codeOf(error) !== 'HANDSHAKE_NO_SSL_SUPPORT') throw error;
    return connected(place, address, false);
  }
}

function connected(place: DatabasePlace, address: PinnedAddress, encrypted: boolean): Promise<Connection> {
  const verified = place.sslmode === 'verify-full';
  const connection = createConnection({
    host: place.host,
    port: place.port,
    stream: () => connectSocket({ host: address.address, port: place.port, keepAlive: true }),
    user: place.user ?? 'root',
    password: place.password ?? '',
    connectTimeout: CONNECT_MS,
    multipleStatements: false,
    charset: 'utf8mb4',
    ...(place.database === null ? {} : { database: place.database }),
    ...(encrypted ? { ssl: { rejectUnauthorized: verified, verifyIdentity: verified } } : {}),
  });
  connection.on('error', () => undefined); // whoever waits for a statement is told
  return new Promise((settle, fail) => {
    connection.connect((error) => {
      if (error === null) settle(connection);
      else {
        connection.destroy();
        fail(error);
      }
    });
  });
}

/** Rows of a statement as texts. */
export function rowsOf(connection: Connection, sql: string): Promise<Record<string, string | null>[]> {
  return new Promise((settle, fail) => {
    const typeCast = (field: { string(): string | null }) => field.string();
    connection.query({ sql, typeCast }, (error, rows) => {
      if (error) fail(error);
      else settle(Array.isArray(rows) ? (rows as Record<string, string | null>[]) : []);
    });
  });
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

function asFault(error: unknown, shownAs: string): unknown {
  if (error instanceof Fault) return error;
  const code = codeOf(error);
  const reason = error instanceof Error ? error.message || code : String(error);
  const message = say('{shownAs} cannot be read: {reason}; {advice}', {
    shownAs,
    reason,
    advice: asSaid(advice[code] ?? 'try again, or look at its log'),
  });
  const transport = AWAY.test(code);
  return new Fault('source-unreadable', message, { file: shownAs, transport }, { cause: error });
}

/** The server is not there or takes nobody now; later it may. */
const AWAY =
  /^(ECONN|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|EPIPE|PROTOCOL_CONNECTION_LOST|ER_CON_COUNT|ER_SERVER_SHUTDOWN)/;

const advice: Readonly<Record<string, string>> = {
  ER_ACCESS_DENIED_ERROR: 'check user: and the secret of password:',
  ER_DBACCESS_DENIED_ERROR: 'check database:, or have its owner grant the right',
  ER_BAD_DB_ERROR: 'check database:',
  ER_NO_SUCH_TABLE: 'check table:, it is database.table',
  ER_TABLEACCESS_DENIED_ERROR: 'have its owner grant the right',
  ER_BAD_FIELD_ERROR: 'check the names in query:',
  ER_PARSE_ERROR: 'check query:',
  ECONNREFUSED: 'check host: and port:',
  ETIMEDOUT: 'check host: and port:',
  HANDSHAKE_NO_SSL_SUPPORT: 'set sslmode: disable if that is meant',
};
