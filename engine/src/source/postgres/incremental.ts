/**
 * Which rows of a table or query are new since the last reading.
 *
 * B1  Of a table: those written by transactions between two horizons. A horizon is the oldest transaction still at
 *     work when a snapshot is taken, so every one below it has ended: a row that commits late, with whatever time or
 *     number in its cursor, is in the next interval, and no row is in two.
 * B2  Of a query or view: those from the greatest cursor on (less `overlap`), without those read before at that
 *     boundary. Times end where the oldest transaction at work began.
 */
import type { DatabaseSource, JsonObject } from '@datacraft/shared';
import { Fault, say } from '@datacraft/shared';
import type pg from 'pg';
import { hashedThen } from '../database/hashed-then.ts';
import type { PostgresColumn } from './catalog.ts';

export interface Window {
  /** SQL conditions, all of which hold. */
  readonly where: readonly string[];
  /** What to remember once the rows were read, in the same snapshot. */
  after(): Promise<JsonObject>;
}

export interface WindowRequest {
  readonly client: pg.Client;
  readonly spec: DatabaseSource;
  /** What stands behind FROM. */
  readonly relation: string;
  readonly columns: readonly PostgresColumn[];
  readonly state: JsonObject | null;
  readonly horizon: Horizon;
}

type Incremental = NonNullable<DatabaseSource['incremental']>;

export async function windowOf(request: WindowRequest): Promise<Window | null> {
  const { client, spec } = request;
  if (!spec.incremental) return null;
  const cursor = cursorColumn(spec.incremental, request.columns);
  const quoted = client.escapeIdentifier(cursor.name);
  return spec.table !== undefined && (await keepsTransactions(client, request.relation))
    ? transactionWindow(request, spec.incremental, quoted)
    : cursorWindow(request, spec.incremental, quoted, cursor.type);
}

function cursorColumn({ cursor }: Incremental, columns: readonly PostgresColumn[]): PostgresColumn {
  const found = columns.find(({ name }) => name === cursor);
  if (found) return found;
  const names = columns.map(({ name }) => name).join(', ');
  throw new Fault(
    'source-unreadable',
    say('there is no column {cursor} to read by; its columns are {names}', { cursor, names }),
    {
      field: 'incremental.cursor',
    },
  );
}

async function keepsTransactions(client: pg.Client, relation: string): Promise<boolean> {
  const { rows } = await client.query<{ kind: string }>(
    'select relkind as kind from pg_class where oid = $1::regclass',
    [relation],
  );
  return rows[0]?.kind === 'r' || rows[0]?.kind === 'p';
}

/** The 64-bit number of the transaction that wrote a row; those below 3 are older than all others. */
const WRITTEN_BY = `(select case when x >= 3 and base + x >= now_max then base + x - 4294967296 else base + x end from
  (select xmin::text::bigint as x, now_max, now_max - now_max % 4294967296 as base) numbers)`;

async function transactionWindow(
  { client, state, relation }: WindowRequest,
  { start, overlap }: Incremental,
  cursor: string,
): Promise<Window> {
  const { rows } = await client.query<{ horizon: string; max: string; system: string }>(
    `select pg_snapshot_xmin(pg_current_snapshot())::text as horizon, pg_snapshot_xmax(pg_current_snapshot())::text as max,
       (select system_identifier::text from pg_control_system()) as system`,
  );
  const [{ horizon, max, system } = { horizon: '0', max: '0', system: '' }] = rows;
  const from = state?.['horizon'];
  if (typeof from === 'string' && (state?.['system'] !== system || BigInt(from) > BigInt(horizon))) throw otherServer();
  const writtenBy = WRITTEN_BY.replaceAll('now_max', max);
  const since = typeof state?.['cursor'] === 'string' && overlap !== undefined ? state['cursor'] : null;
  return {
    where: [
      `${writtenBy} < ${horizon}`,
      ...(typeof from === 'string' ? [`${writtenBy} >= ${BigInt(from)}`] : []),
      ...(start === undefined ? [] : [`${cursor} >= ${literal(client, start)}`]),
      ...(since === null ? [] : [`${cursor} >= ${lessOverlap(client, since, overlap)}`]),
    ],
    async after() {
      if (overlap === undefined) return { horizon, system };
      const found = await client.query<{ greatest: string | null }>(
        `select (max(${cursor}))::text as greatest from ${relation} where ${writtenBy} < ${horizon}`,
      );
      return { horizon, system, cursor: found.rows[0]?.greatest ?? null };
    },
  };
}

function otherServer(): Fault {
  return new Fault(
    'source-unreadable',
    'this is not the database that was read last, or it was restored from a copy: transactions cannot be compared; run with a full refresh',
    {},
  );
}

const BOUNDARY_MAX = 100_000;

function cursorWindow(
  { client, state, relation, horizon, columns }: WindowRequest,
  { start, overlap }: Incremental,
  cursor: string,
  type: string,
): Window {
  const since = typeof state?.['cursor'] === 'string' ? state['cursor'] : null;
  const known = (state?.['boundary'] ?? []) as readonly string[];
  const until = overlap === undefined ? [untilHorizon(client, horizon, cursor, type)] : [];
  const from = since === null ? null : lessOverlap(client, since, overlap);
  const names = columns.map(({ name }) => name);
  const hashOf = (of: readonly string[]) =>
    `md5(row(${of.map((name) => `source_row.${client.escapeIdentifier(name)}`).join(', ')})::text)`;
  return {
    where: [
      ...(from === null
        ? start === undefined
          ? []
          : [`${cursor} >= ${literal(client, start)}`]
        : [`${cursor} >= ${from}`]),
      ...until,
      ...(known.length > 0
        ? [
            `${hashOf(hashedThen(state, names))} <> all(array[${known.map((each) => literal(client, each)).join(', ')}])`,
          ]
        : []),
    ],
    async after() {
      const greatest = await client.query<{ greatest: string | null }>(
        `select (max(${cursor}))::text as greatest from ${relation} as source_row ${whereOf(until)}`,
      );
      const next = greatest.rows[0]?.greatest ?? since;
      if (next === null) return {};
      const edge = [`${cursor} >= ${lessOverlap(client, next, overlap)}`, ...until];
      const hashes = await client.query<{ hash: string }>(
        `select ${hashOf(names)} as hash from ${relation} as source_row ${whereOf(edge)} limit ${BOUNDARY_MAX + 1}`,
      );
      if (hashes.rows.length > BOUNDARY_MAX) throw tooCoarse(overlap !== undefined);
      return { cursor: next, boundary: hashes.rows.map((row) => row.hash), hashed: names };
    },
  };
}

export function whereOf(conditions: readonly string[]): string {
  return conditions.length === 0 ? '' : `where ${conditions.join(' and ')}`;
}

/** As seen before the snapshot of the reading is taken. */
export interface Horizon {
  /** When the oldest transaction at work began. */
  readonly at: string;
  /** Transactions of others cannot be seen. */
  readonly hidden: boolean;
  readonly zone: string;
}

export async function horizonOf(client: pg.Client): Promise<Horizon> {
  const { rows } = await client.query<Horizon>(
    `select least(clock_timestamp(), min(xact_start))::text as at,
       coalesce(bool_or(query = '<insufficient privilege>'), false) as hidden, current_setting('TimeZone') as zone
     from pg_stat_activity where pid <> pg_backend_pid() and datname = current_database()`,
  );
  const [found] = rows;
  if (!found) throw new Fault('internal', 'the server said nothing of its transactions');
  return found;
}

/** Nobody at work now can still commit a time before the one at which the oldest transaction began. */
function untilHorizon(client: pg.Client, horizon: Horizon, cursor: string, type: string): string {
  if (!/^(DATE|TIMESTAMP)/.test(type))
    throw new Fault(
      'source-unreadable',
      'the cursor of this query is no time, so that rows which commit late could be lost; say with overlap: how far below the greatest number they may come, or read a table: in place of the query',
      { field: 'incremental.overlap' },
    );
  if (horizon.hidden)
    throw new Fault(
      'source-unreadable',
      'this user may not see when transactions of others began, so that rows which commit late would be lost; grant it pg_read_all_stats, read a table: in place of the query, or say overlap: under incremental:',
      { field: 'incremental.overlap' },
    );
  const at = `${literal(client, horizon.at)}::timestamptz`;
  return `${cursor} < ${type.endsWith('ZONE') ? at : `(${at} at time zone ${literal(client, horizon.zone)})`}`;
}

function lessOverlap(client: pg.Client, value: string, overlap: string | number | undefined): string {
  if (overlap === undefined) return literal(client, value);
  return typeof overlap === 'number'
    ? `(${literal(client, value)}::numeric - ${overlap})`
    : `(${literal(client, value)}::timestamptz - ${literal(client, overlap)}::interval)`;
}

function literal(client: pg.Client, value: string | number): string {
  return typeof value === 'number' ? String(value) : client.escapeLiteral(value);
}

function tooCoarse(overlapping: boolean): Fault {
  return new Fault(
    'too-large',
    overlapping
      ? say(
          'more than {most} rows lie at the boundary of the cursor; say a shorter overlap: or read a table: in place of the query',
          { most: BOUNDARY_MAX },
        )
      : say(
          'more than {most} rows lie at the boundary of the cursor; use a finer column for cursor: or read a table: in place of the query',
          { most: BOUNDARY_MAX },
        ),
    { field: 'incremental.cursor' },
  );
}
