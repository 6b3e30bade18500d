import { DuckDBInstance, listValue } from '@duckdb/node-api';
import type { DuckDBConnection, DuckDBValue } from '@duckdb/node-api';
import type { Column, ParamValue, ResultPage } from '@datacraft/shared';
import { quoteIdentifier, quoteLiteral } from '@datacraft/shared';
import { writeArrow } from './write-arrow.ts';
import { jsonValue } from './json-value.ts';
import type { ArrowAnswer, Params, Request } from './protocol.ts';
import type { SqlTree } from '../session.ts';

type Open = Extract<Request, { op: 'open' }>;

/** One locked instance, in the child. Closing it gives everything back. */
export interface ChildSession {
  readonly connection: DuckDBConnection;
  close(): void;
}

/** Locks before any user text can come: no file but the given ones, no network, no extension, no setting. */
export async function openLocked(open: Open): Promise<ChildSession> {
  const instance = await DuckDBInstance.create(':memory:', { threads: String(open.threads) });
  const connection = await instance.connect();
  const spill = open.writableDir === null ? null : `${open.writableDir}/spill`;
  const settings = [
    `set memory_limit = '${open.memoryLimitMb}MB'`,
    ...(spill === null ? [`set temp_directory = ''`] : [`set temp_directory = ${quoteLiteral(spill)}`]),
    `set timezone = 'UTC'`,
    'set preserve_insertion_order = true',
    'set autoinstall_known_extensions = false',
    'set autoload_known_extensions = false',
    'set errors_as_json = true',
    'set enable_progress_bar = true',
    'set enable_progress_bar_print = false',
    `set allowed_paths = [${open.readable.map(quoteLiteral).join(', ')}]`,
    `set allowed_directories = [${open.writableDir === null ? '' : quoteLiteral(`${open.writableDir}/`)}]`,
    'set enable_external_access = false',
    'set lock_configuration = true',
  ];
  for (const setting of settings) await connection.run(setting);
  return {
    connection,
    close: () => {
      connection.closeSync();
      instance.closeSync();
    },
  };
}

export function boundValues(params: Params): Record<string, DuckDBValue> {
  return Object.fromEntries(Object.entries(params).map(([name, value]) => [name, boundValue(value)]));
}

function boundValue(value: ParamValue): DuckDBValue {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? BigInt(value) : value;
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  return listValue(value.map(boundValue));
}

export async function runStatements(connection: DuckDBConnection, sql: string, params: Params): Promise<void> {
  await connection.run(sql, boundValues(params));
}

export async function readRows(
  connection: DuckDBConnection,
  request: Extract<Request, { op: 'rows' }>,
): Promise<ResultPage> {
  const values = boundValues(request.params);
  const result = await connection.stream(request.sql, values);
  const names = result.deduplicatedColumnNames();
  const columns = names.map((name, index) => ({ name, type: result.columnType(index).toString() }));
  const rows: unknown[][] = [];
  const limit = request.limit ?? Number.POSITIVE_INFINITY;
  let truncated = false;
  for (;;) {
    const chunk = await result.fetchChunk();
    if (!chunk || chunk.rowCount === 0) break;
    const wanted = Math.min(chunk.rowCount, limit - rows.length);
    const vectors = columns.map((_, index) => chunk.getColumnVector(index));
    for (let row = 0; row < wanted; row += 1) rows.push(vectors.map((vector) => jsonValue(vector.getItem(row))));
    if (wanted < chunk.rowCount) {
      truncated = true;
      break;
    }
  }
  const totalRows = !truncated
    ? rows.length
    : request.countTotal
      ? await countRows(connection, request.sql, values)
      : null;
  return { columns, rows, totalRows, truncated };
}

async function countRows(
  connection: DuckDBConnection,
  sql: string,
  values: Record<string, DuckDBValue>,
): Promise<number> {
  const reader = await connection.runAndReadAll(`select count(*) from (\n${sql}\n)`, values);
  return Number(reader.getRows()[0]?.[0] ?? 0);
}

export async function writeArrowFile(
  connection: DuckDBConnection,
  request: Extract<Request, { op: 'arrow' }>,
): Promise<ArrowAnswer> {
  const result = await connection.stream(request.sql, boundValues(request.params));
  return writeArrow(result, request.file, request.limit);
}

export async function describe(connection: DuckDBConnection, sql: string, params: Params): Promise<Column[]> {
  const reader = await connection.runAndReadAll(`describe (\n${sql}\n)`, boundValues(params));
  return reader.getRows().map((row) => ({ name: String(row[0]), type: String(row[1]) }));
}

export async function setVariable(
  connection: DuckDBConnection,
  request: Extract<Request, { op: 'set-variable' }>,
): Promise<void> {
  const { name, value, type } = request;
  const isUntyped = type === null || (typeof value === 'number' && type === 'DOUBLE');
  const bound = isUntyped ? '$value' : `cast($value as ${typeName(type)})`;
  const isEmptyList = Array.isArray(value) && value.length === 0;
  if (isEmptyList)
    await connection.run(`set variable ${quoteIdentifier(name)} = cast([] as ${typeName(type ?? 'VARCHAR[]')})`);
  else await connection.run(`set variable ${quoteIdentifier(name)} = ${bound}`, { value: boundValue(value) });
}

function typeName(type: string): string {
  if (!/^[A-Za-z0-9_(), ]+(\[\])*$/.test(type)) throw new Error(`not a type: ${type}`);
  return type;
}

/** DuckDB's own parser; it runs nothing. */
export async function parseSql(connection: DuckDBConnection, sql: string): Promise<SqlTree> {
  const reader = await connection.runAndReadAll('select json_serialize_sql($sql::varchar)', { sql });
  const json = JSON.parse(String(reader.getRows()[0]?.[0])) as Record<string, unknown>;
  if (json['error'] !== true)
    return { kind: 'tree', statements: Array.isArray(json['statements']) ? json['statements'] : [] };
  const position = json['position'];
  const bytes = position === undefined || position === '' ? null : Number(position);
  const offset =
    bytes === null || Number.isNaN(bytes) ? null : Buffer.from(sql).subarray(0, bytes).toString('utf8').length;
  return { kind: 'error', message: String(json['error_message'] ?? 'the text is not SQL'), offset };
}
