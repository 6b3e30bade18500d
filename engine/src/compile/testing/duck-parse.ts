import { DuckDBInstance } from '@duckdb/node-api';
import type { SqlTree } from '../../duckdb/session.ts';

/** DuckDB's own parser in this process, for tests; texts are parsed once. */
export async function createParse(): Promise<(sql: string) => Promise<SqlTree>> {
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  return async (sql) => {
    const reader = await connection.runAndReadAll('select json_serialize_sql($sql::varchar)', { sql });
    return treeOf(JSON.parse(String(reader.getRows()[0]?.[0])), sql);
  };
}

interface Serialized {
  error: boolean;
  statements?: unknown[];
  error_message?: string;
  position?: string;
}

function treeOf(answer: Serialized, sql: string): SqlTree {
  if (!answer.error) return { kind: 'tree', statements: answer.statements ?? [] };
  const offset = answer.position === undefined ? null : [...sql].slice(0, Number(answer.position)).join('').length;
  return { kind: 'error', message: answer.error_message ?? '', offset };
}
