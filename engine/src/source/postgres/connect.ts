import { asSaid, Fault, say } from '@datacraft/shared';
import pg from 'pg';
import { addressOf, placeOf, shownDatabase, type DatabasePlace } from '../database/place.ts';
import type { PinnedAddress } from '../network/guarded-request.ts';
import type { RemoteAccess } from '../source.ts';
import type { DatabaseSource } from '@datacraft/shared';

export interface ConnectOptions {
  readonly signal?: AbortSignal;
  /** For commands of logical replication. */
  readonly replication?: boolean;
}

const CONNECT_MS = 15_000;
const NO_TLS = 'The server does not support SSL connections';

/** Does `work` on a connection of its own, which ends with it. Errors of the other side become faults. */
export async function withPostgres<Result>(
  spec: DatabaseSource,
  remote: RemoteAccess,
  options: ConnectOptions,
  work: (client: pg.Client) => Promise<Result>,
): Promise<Result> {
  const shownAs = shownDatabase(spec);
  const place = await placeOf(spec, remote, 5432);
  const address = await addressOf(place, remote, shownAs);
  options.signal?.throwIfAborted();
  const client = await connect(place, address, options, shownAs);
  const stop = () => void client.end().catch(() => undefined);
  options.signal?.addEventListener('abort', stop, { once: true });
  try {
    return await work(client);
  } catch (error) {
    throw asFault(error, shownAs);
  } finally {
    options.signal?.removeEventListener('abort', stop);
    await client.end().catch(() => undefined);
  }
}

async function connect(place: DatabasePlace, address: PinnedAddress, options: ConnectOptions, shownAs: string) {
  try {
    return await connected(place, address, options, place.sslmode !== 'disable');
  } catch (error) {
    if (place.sslmode !== 'prefer' || !(error instanceof Error) || error.message !== NO_TLS)
      throw asFault(error, shownAs);
  }
  return connected(place, address, options, false).catch((error: unknown) => {
    throw asFault(error, shownAs);
  });
}

async function connected(place: DatabasePlace, address: PinnedAddress, options: ConnectOptions, encrypted: boolean) {
  const client = new pg.Client({
    host: address.address,
    port: place.port,
    user: place.user ?? 'postgres',
    password: place.password ?? '',
    database: place.database ?? place.user ?? 'postgres',
    application_name: 'datacraft',
    connectionTimeoutMillis: CONNECT_MS,
    keepAlive: true,
    ssl: encrypted ? { servername: place.host, rejectUnauthorized: place.sslmode === 'verify-full' } : false,
    ...(options.replication ? { replication: 'database' } : {}),
  } as pg.ClientConfig);
  client.on('error', () => undefined); // whoever waits for a query is told
  await client.connect();
  return client;
}

function asFault(error: unknown, shownAs: string): unknown {
  if (error instanceof Fault) return error;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const reason = error instanceof Error ? error.message || code : String(error);
  const message = say('{shownAs} cannot be read: {reason}; {advice}', {
    shownAs,
    reason,
    advice: asSaid(adviceFor(code, reason)),
  });
  const transport = AWAY.test(code) || (code === '' && /timeout expired|terminated/.test(reason));
  return new Fault('source-unreadable', message, { file: shownAs, transport }, { cause: error });
}

/** The server is not there or takes nobody now; later it may. */
const AWAY = /^(ECONN|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|EPIPE|08|57P0|53)/;

function adviceFor(code: string, reason: string): string {
  if (code === '28P01' || code === '28000') return 'check user: and the secret of password:';
  if (code === '3D000') return 'check database:';
  if (code === '42P01' || code === '3F000') return 'check table:, it is schema.table';
  if (code === '42501') return 'have its owner grant the right';
  if (reason === NO_TLS) return 'set sslmode: disable if that is meant';
  if (code.startsWith('42')) return 'check query: and the names in it';
  if (['ECONNREFUSED', 'ENOTFOUND', 'ETIMEDOUT', 'EHOSTUNREACH'].includes(code)) return 'check host: and port:';
  return 'try again, or look at its log';
}
