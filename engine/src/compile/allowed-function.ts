import type { Words } from '@datacraft/shared';
import { say } from '@datacraft/shared';
import type { FunctionCall } from './sql-reads.ts';

/** Table functions that only compute: everything else touches files, settings, catalogues or runs text as SQL. */
const tableFunctions = new Set([
  'range',
  'generate_series',
  'unnest',
  'repeat',
  'repeat_row',
  'json_each',
  'json_tree',
  'icu_calendar_names',
  'pg_timezone_names',
]);

/** Scalar functions that reach out of the query: process environment, settings, sequences, logs, other text as SQL. */
const refusedScalars = new Set([
  'getenv',
  'getvariable',
  'current_setting',
  'current_query',
  'current_query_id',
  'current_connection_id',
  'current_transaction_id',
  'txid_current',
  'nextval',
  'currval',
  'write_log',
  'sleep_ms',
  'pg_sleep',
  'json_serialize_plan',
  'json_execute_serialized_sql',
  'query',
  'query_table',
  'glob',
  'in_search_path',
  'pg_get_viewdef',
]);
const refusedPrefixes = /^(read_|duckdb_|pragma_|parquet_|sniff_)/;

const unrepeatable = new Set([
  'random',
  'setseed',
  'uuid',
  'uuidv4',
  'uuidv7',
  'gen_random_uuid',
  'now',
  'today',
  'get_current_timestamp',
  'get_current_time',
  'current_localtime',
  'current_localtimestamp',
  'transaction_timestamp',
]);

export function isAllowed(call: FunctionCall): boolean {
  if (call.kind === 'table') return tableFunctions.has(call.name);
  return !refusedScalars.has(call.name) && !refusedPrefixes.test(call.name);
}

/** Why a refused function is refused and what to write instead. */
export function refusalOf(call: FunctionCall): Words {
  if (/^(read_|parquet_|sniff_)|^glob$|_scan$/.test(call.name)) {
    return say('`{name}` reads files, which a cell may not do by itself: add a source cell and read from that', {
      name: call.name,
    });
  }
  if (call.name === 'getvariable') return 'variables are not readable by name: add an input cell and write `$name`';
  if (call.kind === 'table') {
    return say('the table function `{name}` is not available in a notebook: it reaches beyond the query', {
      name: call.name,
    });
  }
  return say('the function `{name}` is not available in a notebook: it reaches beyond the query', { name: call.name });
}

/** Two runs of it give different answers, so a result that is called fresh could not be made again. */
export function isUnrepeatable(call: FunctionCall): boolean {
  return unrepeatable.has(call.name);
}
