import type { DuckDBConnection } from '@duckdb/node-api';
import type { Column } from '@datacraft/shared';
import type { Statement } from '../wire.ts';
import { columnsOf } from './page.ts';
import { prepareOne, streamStatement } from './statement.ts';
import { typeWord } from './type-word.ts';

/** The columns a SELECT would have. With parameters their types decide, so it is bound and run for no rows. */
export async function describeStatement(
  connection: DuckDBConnection,
  statement: Statement,
): Promise<readonly Column[]> {
  const prepared = await prepareOne(connection, statement.sql);
  try {
    if (prepared.parameterCount === 0) {
      return Array.from({ length: prepared.columnCount }, (_, index) => ({
        name: prepared.columnName(index),
        type: typeWord(prepared.columnType(index)),
      }));
    }
  } finally {
    prepared.destroySync();
  }
  const inner = statement.sql.replace(/[\s;]+$/, '');
  return columnsOf(await streamStatement(connection, { ...statement, sql: `select * from (${inner}\n) limit 0` }));
}
