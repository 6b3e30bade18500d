import type { DuckDBConnection } from '@duckdb/node-api';
import { tables } from './corpus.ts';

const ROWS = 14;

/** A value of each type for row `i`; `shift` gives the same column other values. */
function valueSql(column: string, type: string, shift: number): string {
  // A tree: parents stand before their children whatever is shifted, so that recursion ends.
  if (column === 'id') return `i + ${shift}`;
  if (column === 'parent_id') return `case when i = 0 then null else i - 1 - ${shift} end`;
  const n = `((i * 7 + ${column.length} + ${shift} * (i % 3 + 1)) % 9)`;
  switch (type) {
    case 'INTEGER':
      return `case when i = 5 then null else ${n} end`;
    case 'DOUBLE':
      return `(${n} * 3.5)::double`;
    case 'VARCHAR':
      return `case when ${n} % 3 = 0 then 'web' when ${n} % 3 = 1 then 'Recife' else 'v' || ${n} end`;
    case 'TIMESTAMP':
      return `timestamp '2026-01-01' + interval (${n}) day`;
    case 'VARCHAR[]':
      return `list_transform(range(${n} % 4 + 1), lambda e: 't' || (e + ${n}))`;
    case 'JSON':
      return `('{"a":' || ${n} || ',"b":"' || ${n} || '","id":' || ${n} || '}')::json`;
    default:
      return type.endsWith('[]')
        ? `list_transform(range(${n} % 3 + 1), lambda e: {'sku': 's' || (e + ${n}), 'qty': (e + ${n})::integer})`
        : `{'street': 's' || ${n}, 'zip': 'z' || ${n}, 'geo': {'lat': ${n}::double, 'lon': ${n}::double + 1}}`;
  }
}

/** Fills the tables of the corpus; the columns in `shifted` (`table.column`) hold other values. */
export async function fill(connection: DuckDBConnection, shifted: ReadonlySet<string>, only?: string): Promise<void> {
  await connection.run('create schema if not exists silver');
  for (const [table, columns] of Object.entries(tables)) {
    if (only !== undefined && only !== table) continue;
    const list = Object.entries(columns).map(([column, type]) => {
      const value = valueSql(column, type, shifted.has(`${table}.${column}`) ? 4 : 0);
      return `(${value})::${type} as "${column}"`;
    });
    await connection.run(
      `create or replace table ${table} as select ${list.join(', ')} from range(${ROWS}) r(i) order by i`,
    );
  }
}
