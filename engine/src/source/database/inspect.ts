import type { DatabaseSource, JsonObject } from '@datacraft/shared';
import { Fault, say } from '@datacraft/shared';
import { openKinesis } from '../kinesis/client.ts';
import { listTopics } from '../kafka/topics.ts';
import { rowsOf, withMysql } from '../mysql/connect.ts';
import { withPostgres } from '../postgres/connect.ts';
import { createS3Client } from '../s3/client.ts';
import { s3PlaceOf } from '../s3/place.ts';
import type { RemoteAccess } from '../source.ts';

export interface RemoteTable {
  /** As `table:` of a cell takes it. */
  readonly name: string;
  readonly columns: readonly { readonly name: string; readonly type: string }[];
}

const COLUMNS_MAX = 20_000;

/** Connects as a cell of `connection` would, and lists the tables and columns that its user may read. */
export async function inspectDatabase(
  connection: { readonly name: string; readonly type: string; readonly config: JsonObject },
  remote: RemoteAccess,
  signal?: AbortSignal,
): Promise<RemoteTable[]> {
  const { name, type } = connection;
  const own: RemoteAccess = { ...remote, connection: () => Promise.resolve(connection) };
  if (type === 'postgres')
    return tablesOf(await postgresColumns({ type, connection: name, table: 'tables' }, own, signal));
  if (type === 'mysql') return tablesOf(await mysqlColumns({ type, connection: name, table: 'tables' }, own, signal));
  if (type === 'kafka') return topicsOf(name, own);
  if (type === 'kinesis') return streamsOf(name, own, signal);
  if (type === 's3') return objectsIn(connection, remote, signal);
  throw new Fault('unsupported', say('connections of type {type} cannot be looked into', { type }), {});
}

/** Names of streams, as `stream:` of a cell takes them. */
async function streamsOf(connection: string, remote: RemoteAccess, signal?: AbortSignal): Promise<RemoteTable[]> {
  const client = await openKinesis({ type: 'kinesis', connection, stream: connection }, remote, signal);
  const { StreamNames: names } = await client.call<{ StreamNames: readonly string[] }>('ListStreams', { Limit: 100 });
  return names.map((name) => ({ name, columns: [] }));
}

/** Topics, each with its partitions and how many messages those hold. */
async function topicsOf(connection: string, remote: RemoteAccess): Promise<RemoteTable[]> {
  return (await listTopics(connection, remote)).map(({ name, partitions }) => ({
    name,
    columns: partitions.map(({ partition, low, high }) => ({
      name: String(partition),
      type: String(BigInt(high) - BigInt(low)),
    })),
  }));
}

const OBJECTS_MAX = 1000;

/** The first objects of the connection's bucket, as paths that cells take. */
async function objectsIn(
  { name, config }: { readonly name: string; readonly config: JsonObject },
  remote: RemoteAccess,
  signal?: AbortSignal,
): Promise<RemoteTable[]> {
  const { bucket } = config;
  if (typeof bucket !== 'string')
    throw new Fault('bad-request', 'name a bucket of the connection, so that there is something to look into');
  const stored: RemoteAccess = { ...remote, connection: () => Promise.resolve({ type: 's3', config }) };
  const place = await s3PlaceOf({ connection: name }, stored);
  const client = createS3Client({ place, allowedHosts: remote.allowedHosts, ...(signal ? { signal } : {}) });
  const page = await client.list(bucket, '', OBJECTS_MAX).next();
  return page.done === true ? [] : page.value.map(({ key }) => ({ name: `s3://${bucket}/${key}`, columns: [] }));
}

type ColumnRow = Readonly<Record<'place' | 'relation' | 'name' | 'type', string | null>>;

function postgresColumns(spec: DatabaseSource, remote: RemoteAccess, signal?: AbortSignal): Promise<ColumnRow[]> {
  return withPostgres(spec, remote, signal ? { signal } : {}, async (client) => {
    const { rows } = await client.query<ColumnRow>(
      `select n.nspname as place, c.relname as relation, a.attname as name, format_type(a.atttypid, a.atttypmod) as type
       from pg_class c join pg_namespace n on n.oid = c.relnamespace join pg_attribute a on a.attrelid = c.oid
       where c.relkind in ('r', 'p', 'v', 'm', 'f') and a.attnum > 0 and not a.attisdropped
         and n.nspname not in ('pg_catalog', 'information_schema') and n.nspname !~ '^pg_(toast|temp)'
         and has_schema_privilege(n.oid, 'usage') and has_table_privilege(c.oid, 'select')
       order by 1, 2, a.attnum limit $1`,
      [COLUMNS_MAX],
    );
    return rows;
  });
}

function mysqlColumns(spec: DatabaseSource, remote: RemoteAccess, signal?: AbortSignal): Promise<ColumnRow[]> {
  const sql = `select table_schema as place, table_name as relation, column_name as name, column_type as type
    from information_schema.columns
    where table_schema not in ('information_schema', 'mysql', 'performance_schema', 'sys')
    order by table_schema, table_name, ordinal_position limit ${COLUMNS_MAX}`;
  return withMysql(spec, remote, signal, async (connection) => (await rowsOf(connection, sql)) as ColumnRow[]);
}

function tablesOf(rows: readonly ColumnRow[]): RemoteTable[] {
  const tables = new Map<string, { name: string; type: string }[]>();
  for (const { place, relation, name, type } of rows) {
    const table = `${place ?? ''}.${relation ?? ''}`;
    const columns = tables.get(table) ?? [];
    columns.push({ name: name ?? '', type: type ?? '' });
    tables.set(table, columns);
  }
  return [...tables].map(([name, columns]) => ({ name, columns }));
}
