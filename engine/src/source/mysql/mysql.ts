import type { DatabaseSource } from '@datacraft/shared';
import { Fault, say } from '@datacraft/shared';
import type { Connection } from 'mysql2';
import { escapeId } from 'mysql2';
import { shownDatabase } from '../database/place.ts';
import { csvRow } from '../extract/csv-row.ts';
import type { Extractor } from '../extract/extractor.ts';
import type { TableFile } from '../extract/table-file.ts';
import { typedAdapter } from '../extract/typed.ts';
import type { MysqlColumn } from './columns.ts';
import { columnsOf } from './columns.ts';
import { rowsOf, withMysql } from './connect.ts';
import { horizonOf, whereOf, windowOf } from './incremental.ts';

/** Reads a table or a query of a MySQL or MariaDB, in one snapshot that writes nothing. */
const extractor: Extractor<DatabaseSource, TableFile> = {
  shownAs: shownDatabase,
  isIncremental: (spec) => spec.incremental !== undefined,

  extract: (spec, { remote, state, limit, signal, expect }, file) =>
    withMysql(spec, remote, signal, async (connection) => {
      const horizon = spec.incremental ? await horizonOf(connection) : null;
      for (const sql of SNAPSHOT) await rowsOf(connection, sql);
      const relation = relationOf(spec);
      const columns = await columnsOf(connection, relation);
      file.columns = columns.map(({ name, type, form }) => ({ name, type, form }));
      const window = spec.incremental
        ? windowOf(connection, spec.incremental, relation, columns, state, horizon)
        : null;
      const select = `select * from ${relation} ${whereOf(window?.where ?? [])}${limit === null ? '' : ` limit ${limit}`}`;
      if (limit === null && !window && spec.table !== undefined) {
        const about = await aboutRows(connection, select);
        if (about !== null) expect?.(about, true);
      }
      await readRows(connection, select, columns, file);
      return limit === null && window ? window.after() : state;
    }),
};

export const mysqlAdapter = typedAdapter(extractor);

const SNAPSHOT = [
  "set session time_zone = '+00:00'",
  'set session transaction isolation level repeatable read',
  'start transaction with consistent snapshot, read only',
];

function relationOf({ table, query }: DatabaseSource): string {
  if (query !== undefined) return `(${query.trim().replace(/;$/, '')}\n) as source_row`;
  const parts = (table ?? '').trim().split('.');
  if (parts.length > 2 || parts.some((part) => part === ''))
    throw new Fault(
      'bad-request',
      say('table: {table} is not of the form table or database.table', { table: table ?? '' }),
      { field: 'table' },
    );
  return parts.map((part) => escapeId(part.replaceAll('`', ''), true)).join('.');
}

/** What the planner thinks it will read: nothing is counted for it. */
async function aboutRows(connection: Connection, select: string): Promise<number | null> {
  const [plan] = await rowsOf(connection, `explain ${select}`);
  const rows = Number((plan as { rows?: unknown } | undefined)?.rows ?? Number.NaN);
  return Number.isFinite(rows) ? rows : null;
}

interface Field {
  buffer(): Buffer | null;
}

function readRows(
  connection: Connection,
  sql: string,
  columns: readonly MysqlColumn[],
  file: TableFile,
): Promise<void> {
  return new Promise((settle, fail) => {
    const query = connection.query({ sql, rowsAsArray: true, typeCast: (field: Field) => field.buffer() });
    query.on('error', fail);
    query.on('result', (row: unknown) => {
      if (!Array.isArray(row)) return;
      const values = (row as (Buffer | null)[]).map((value, index) =>
        value === null ? null : (columns[index]?.text(value) ?? null),
      );
      const room = file.write(csvRow(values), 1);
      if (!room) return;
      connection.pause();
      room.then(() => connection.resume(), fail);
    });
    query.on('end', () => settle());
  });
}
