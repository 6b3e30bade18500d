import type { DatabaseSource } from '@datacraft/shared';
import { Fault, say } from '@datacraft/shared';
import pg from 'pg';
import { shownDatabase } from '../database/place.ts';
import type { ExtractRequest, Extractor } from '../extract/extractor.ts';
import type { TableFile } from '../extract/table-file.ts';
import { typedAdapter } from '../extract/typed.ts';
import { columnsOf } from './catalog.ts';
import { withPostgres } from './connect.ts';
import { extractChanges } from './changes.ts';
import { copyOut } from './copy.ts';
import { horizonOf, whereOf, windowOf } from './incremental.ts';

/**
 * Reads a table or a query of another PostgreSQL, by COPY, in one snapshot that writes nothing.
 */
const extractor: Extractor<DatabaseSource, TableFile> = {
  shownAs: shownDatabase,
  isIncremental: (spec) => spec.incremental !== undefined || spec.mode === 'cdc',

  extract: (spec, request, file) =>
    spec.mode === 'cdc'
      ? extractChanges({ spec, relation: relationOf(spec), settings: SETTINGS }, request, file)
      : extractRows(spec, request, file),
};

function extractRows(spec: DatabaseSource, { remote, state, limit, signal, expect }: ExtractRequest, file: TableFile) {
  return withPostgres(spec, remote, signal ? { signal } : {}, async (client) => {
    const horizon = await horizonOf(client);
    await client.query('begin transaction isolation level repeatable read, read only');
    await client.query(SETTINGS);
    const relation = relationOf(spec);
    const columns = await columnsOf(client, relation);
    file.columns = columns.map(({ name, type, form }) => ({ name, type, form }));
    const window = await windowOf({ client, spec, relation, columns, state, horizon });
    const select = `select ${columns.map(({ expression }) => expression).join(', ')} from ${relation} as source_row
        ${whereOf(window?.where ?? [])}${limit === null ? '' : ` limit ${limit}`}`;
    if (limit === null) expect?.(await aboutRows(client, select), true);
    await copyOut(client, `copy (${select}) to stdout (format csv, null '\\N')`, (row) => file.write(row, 1));
    return limit === null && window ? window.after() : state;
  });
}

/** What the planner thinks it will read: nothing is counted for it. */
async function aboutRows(client: pg.Client, select: string): Promise<number> {
  const { rows } = await client.query<{ 'QUERY PLAN': [{ Plan: { 'Plan Rows': number } }] }>(
    `explain (format json) ${select}`,
  );
  return rows[0]?.['QUERY PLAN'][0].Plan['Plan Rows'] ?? 0;
}

export const postgresAdapter = typedAdapter(extractor);

/** Texts of values do not depend on how the server is set up; rows come in the order in which they lie. */
const SETTINGS = `set local timezone = 'UTC'; set local datestyle = 'ISO, YMD'; set local intervalstyle = 'iso_8601';
set local extra_float_digits = 1; set local synchronize_seqscans = off; set local client_encoding = 'UTF8';
set local statement_timeout = 0; set local idle_in_transaction_session_timeout = 0`;

function relationOf({ table, query }: DatabaseSource): string {
  if (query !== undefined) return `(${query.trim().replace(/;$/, '')}\n)`;
  return partsOf(table ?? '')
    .map((part) => pg.escapeIdentifier(part))
    .join('.');
}

const PART = /^(?:"((?:[^"]|"")+)"|([^".]+))(\.(?=.)|$)/;

/** `sales.orders`, `orders`, or with names in double quotes. */
function partsOf(table: string): string[] {
  const parts: string[] = [];
  for (let rest = table.trim(); rest !== '';) {
    const found = PART.exec(rest);
    if (!found || parts.length === 2)
      throw new Fault('bad-request', say('table: {table} is not of the form schema.table', { table }), {
        field: 'table',
      });
    parts.push(found[1]?.replaceAll('""', '"') ?? found[2] ?? '');
    rest = rest.slice(found[0].length);
  }
  return parts;
}
