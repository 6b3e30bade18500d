import { Fault } from '@datacraft/shared';
import pg from 'pg';

const MIN_VERSION = 14;

/** Proves that `DATABASE_URL` leads to a PostgreSQL we can use, or says in one sentence why not. */
export async function checkExternal(url: string): Promise<void> {
  const shown = withoutPassword(url);
  const client = clientFor(url, shown);
  client.on('error', () => undefined); // reported by connect or query
  try {
    await client.connect();
    const { rows } = await client.query<{ version: string; writable: boolean }>(
      `select current_setting('server_version_num') as version,
              has_schema_privilege(current_schema(), 'CREATE') and not pg_is_in_recovery() as writable`,
    );
    refuseUnfit(shown, Number(rows[0]?.version ?? 0), rows[0]?.writable === true);
  } catch (error) {
    throw error instanceof Fault ? error : explainConnection(error, shown);
  } finally {
    await client.end().catch(() => undefined);
  }
}

function clientFor(url: string, shown: string): pg.Client {
  try {
    const parsed = new URL(url);
    if (!/^postgres(ql)?:$/.test(parsed.protocol)) throw new Error(`scheme ${parsed.protocol}`);
    return new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  } catch (cause) {
    throw new Fault(
      'config-invalid',
      `DATABASE_URL is not a PostgreSQL address: expected postgres://user:password@host:port/database, got ${shown}`,
      {},
      { cause },
    );
  }
}

function refuseUnfit(shown: string, version: number, writable: boolean): void {
  const major = Math.floor(version / 10_000);
  if (major < MIN_VERSION) {
    throw new Fault(
      'config-invalid',
      `DATABASE_URL (${shown}) is PostgreSQL ${major}; DataCraft needs ${MIN_VERSION} or newer`,
    );
  }
  if (!writable) {
    throw new Fault(
      'config-invalid',
      `DATABASE_URL (${shown}) may not be written: grant CREATE on its schema, or point to the primary server`,
    );
  }
}

export function withoutPassword(url: string): string {
  return url.replace(/^([a-z]+:\/\/[^:/@\s]*):[^@]*@/i, '$1:***@').replace(/([?&](password|sslkey)=)[^&]*/gi, '$1***');
}

function explainConnection(cause: unknown, shown: string): Fault {
  return new Fault('config-invalid', `DATABASE_URL (${shown}): ${reasonOf(cause)}`, {}, { cause });
}

function reasonOf(cause: unknown): string {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  const message = cause instanceof Error ? cause.message : String(cause);
  switch (code) {
    case '28P01':
    case '28000':
      return 'the server refused this user or password; correct them';
    case '3D000':
      return 'this database does not exist; create it or correct the name';
    case 'ECONNREFUSED':
      return 'nothing listens at that host and port; start the server or correct the address';
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return 'the host name is unknown; correct it';
    default:
      return /timeout/i.test(message) ? 'no answer within 5 seconds; check host, port and firewall' : message || code;
  }
}
