/**
 * Which rows of a MySQL table or query are new since the last reading: those from the greatest cursor on (less
 * `overlap`), without those read before at that boundary. Times end where the oldest transaction at work began, as seen
 * before the snapshot of the reading is taken, so that a row which commits late is not lost.
 */
import type { DatabaseSource, JsonObject, Words } from '@datacraft/shared';
import { Fault, say } from '@datacraft/shared';
import type { Connection } from 'mysql2';
import { escape, escapeId } from 'mysql2';
import type { MysqlColumn } from './columns.ts';
import { hashedThen } from '../database/hashed-then.ts';
import { rowsOf } from './connect.ts';

export interface Window {
  readonly where: readonly string[];
  after(): Promise<JsonObject>;
}

const BOUNDARY_MAX = 100_000;

/** The time before which every transaction has ended, or null when this user may not know. InnoDB's list is up to 0.1 s old. */
export async function horizonOf(connection: Connection): Promise<string | null> {
  try {
    const sql = `select cast(least(utc_timestamp(6) - interval 1 second,
      coalesce(min(convert_tz(trx_started, @@session.time_zone, '+00:00')), utc_timestamp(6))) as char) as horizon from information_schema.innodb_trx where trx_mysql_thread_id <> connection_id()`;
    return (await rowsOf(connection, sql))[0]?.['horizon'] ?? null;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ER_SPECIFIC_ACCESS_DENIED_ERROR') return null;
    throw error;
  }
}

export function windowOf(
  connection: Connection,
  incremental: NonNullable<DatabaseSource['incremental']>,
  relation: string,
  columns: readonly MysqlColumn[],
  state: JsonObject | null,
  horizon: string | null,
): Window {
  const cursor = columns.find(({ name }) => name === incremental.cursor);
  if (!cursor) throw noCursor(incremental.cursor, columns);
  const { start, overlap } = incremental;
  const name = escapeId(cursor.name);
  const until = overlap === undefined ? [untilHorizon(cursor, name, horizon)] : [];
  const since = typeof state?.['cursor'] === 'string' ? state['cursor'] : null;
  const known = (state?.['boundary'] ?? []) as readonly string[];
  const names = columns.map((column) => column.name);
  const first = start === undefined ? [] : [`${name} >= ${escape(start)}`];
  return {
    where: [
      ...(since === null ? first : [`${name} >= ${lessOverlap(since, overlap)}`]),
      ...until,
      ...(known.length > 0
        ? [`${hashOf(hashedThen(state, names))} not in (${known.map((each) => escape(each)).join(', ')})`]
        : []),
    ],
    async after() {
      const greatest = `select cast(max(${name}) as char) as greatest from ${relation} ${whereOf(until)}`;
      const next = (await rowsOf(connection, greatest))[0]?.['greatest'] ?? since;
      if (next === null) return {};
      const edge = whereOf([`${name} >= ${lessOverlap(next, overlap)}`, ...until]);
      const rows = await rowsOf(
        connection,
        `select ${hashOf(names)} as hash from ${relation} ${edge} limit ${BOUNDARY_MAX + 1}`,
      );
      if (rows.length > BOUNDARY_MAX) throw tooCoarse();
      return { cursor: next, boundary: rows.map((row) => row['hash'] ?? ''), hashed: names };
    },
  };
}

function hashOf(names: readonly string[]): string {
  return `md5(concat_ws(',', ${names.map((name) => `quote(${escapeId(name)})`).join(', ')}))`;
}

export function whereOf(conditions: readonly string[]): string {
  return conditions.length === 0 ? '' : `where ${conditions.join(' and ')}`;
}

/** `datetime` columns are taken to be in the time zone of the server, as `now()` writes them. */
function untilHorizon({ type }: MysqlColumn, name: string, horizon: string | null): string {
  if (!/^(DATE|TIMESTAMP)/.test(type))
    throw needsOverlap(
      'the cursor is no time, so that rows which commit late could be lost; say with overlap: how far below the greatest number they may come',
    );
  if (horizon === null)
    throw needsOverlap(
      'this user may not see when transactions of others began, so that rows which commit late would be lost; grant it PROCESS, or say overlap: under incremental:',
    );
  const at = escape(horizon);
  return type === 'TIMESTAMP WITH TIME ZONE'
    ? `${name} < ${at}`
    : `${name} < convert_tz(${at}, '+00:00', @@global.time_zone)`;
}

const UNITS: Readonly<Record<string, string>> = { s: 'second', m: 'minute', h: 'hour', d: 'day', w: 'week' };

function lessOverlap(value: string, overlap: string | number | undefined): string {
  if (overlap === undefined) return escape(value);
  if (typeof overlap === 'number') return `(${escape(value)} - ${overlap})`;
  const [, amount = '0', unit = 's'] = /^([\d.]+)\s*([a-z]+)$/i.exec(overlap) ?? [];
  if (unit.startsWith('mo') || unit.startsWith('y') || unit.startsWith('mill') || unit === 'ms')
    throw needsOverlap(
      say('overlap: {overlap} is not of seconds, minutes, hours, days or weeks; write it so', { overlap }),
    );
  return `(${escape(value)} - interval ${Number(amount)} ${UNITS[unit.charAt(0).toLowerCase()] ?? 'second'})`;
}

function needsOverlap(message: Words): Fault {
  return new Fault('source-unreadable', message, { field: 'incremental.overlap' });
}

function noCursor(cursor: string, columns: readonly MysqlColumn[]): Fault {
  const names = columns.map(({ name }) => name).join(', ');
  return new Fault(
    'source-unreadable',
    say('there is no column {cursor} to read by; its columns are {names}', { cursor, names }),
    {
      field: 'incremental.cursor',
    },
  );
}

function tooCoarse(): Fault {
  return new Fault(
    'too-large',
    say(
      'more than {most} rows lie at the boundary of the cursor; use a finer column for cursor:, or a shorter overlap:',
      { most: BOUNDARY_MAX },
    ),
    { field: 'incremental.cursor' },
  );
}
