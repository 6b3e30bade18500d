import { DuckDBInstance } from '@duckdb/node-api';
import type { SqlTree } from '../../duckdb/session.ts';
import { treeOf } from '../../duckdb/sql-tree.ts';

/** DuckDB's own parser in this process, for tests; its answers are read as the pool reads them. */
export async function createParse(): Promise<(sql: string) => Promise<SqlTree>> {
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  return async (sql) => {
    const reader = await connection.runAndReadAll('select json_serialize_sql($sql::varchar)', { sql });
    return treeOf(String(reader.getRows()[0]?.[0]), sql);
  };
}
