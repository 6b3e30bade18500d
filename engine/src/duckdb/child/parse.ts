import { type DuckDBConnection, DuckDBInstance, VARCHAR } from '@duckdb/node-api';

let parser: Promise<DuckDBConnection> | null = null;

async function openParser(): Promise<DuckDBConnection> {
  const instance = await DuckDBInstance.create(':memory:', { threads: '1', memory_limit: '256MB', temp_directory: '' });
  const connection = await instance.connect();
  await connection.run('set enable_external_access = false; set lock_configuration = true');
  return connection;
}

/** DuckDB's tree of the statements as JSON text; a syntax error is a JSON answer too. */
export async function parseSql(sql: string): Promise<string> {
  parser ??= openParser();
  const connection = await parser;
  const reader = await connection.runAndReadAll('select json_serialize_sql($1::varchar)', [sql], [VARCHAR]);
  return String(reader.getRows()[0]?.[0]);
}
