import type {
  DuckDBConnection,
  DuckDBExtractedStatements,
  DuckDBPreparedStatement,
  DuckDBResult,
} from '@duckdb/node-api';
import { Fault, say } from '@datacraft/shared';
import type { Statement } from '../wire.ts';
import { boundValue } from './bind-value.ts';

/** Runs each statement of the text in turn, preparing one only when those before it have run. */
export async function runStatements(connection: DuckDBConnection, statement: Statement): Promise<void> {
  const extracted = await extract(connection, statement.sql);
  for (let index = 0; index < (extracted?.count ?? 0); index += 1) {
    const prepared = await extracted?.prepare(index);
    if (!prepared) continue;
    try {
      bindParams(prepared, statement.params);
      await prepared.run();
    } finally {
      prepared.destroySync();
    }
  }
}

/** Starts the one statement of the text and hands out its result chunk by chunk. */
export async function streamStatement(connection: DuckDBConnection, statement: Statement): Promise<DuckDBResult> {
  const prepared = await prepareOne(connection, statement.sql);
  try {
    bindParams(prepared, statement.params);
    return await prepared.stream();
  } finally {
    prepared.destroySync();
  }
}

export async function prepareOne(connection: DuckDBConnection, sql: string): Promise<DuckDBPreparedStatement> {
  const extracted = await extract(connection, sql);
  if (extracted?.count !== 1) {
    const got = extracted ? `${extracted.count}; run them one at a time` : 'none; write a SELECT';
    throw new Fault('query-failed', say('expected one statement, got {got}', { got }));
  }
  return extracted.prepare(0);
}

const NO_STATEMENT = /^(Failed to extract statements:\s*|Error in native callback)$/;

/** Null for a text without any statement, which the binding reports as a failure without a reason. */
async function extract(connection: DuckDBConnection, sql: string): Promise<DuckDBExtractedStatements | null> {
  try {
    return await connection.extractStatements(sql);
  } catch (error) {
    if (error instanceof Error && NO_STATEMENT.test(error.message)) return null;
    throw error;
  }
}

export function bindParams(prepared: DuckDBPreparedStatement, params: Statement['params']): void {
  for (let index = 1; index <= prepared.parameterCount; index += 1) {
    const name = prepared.parameterName(index);
    const value = Object.hasOwn(params, name) ? params[name] : undefined;
    if (value === undefined)
      throw new Fault('query-failed', say('parameter ${name} has no value; give it one', { name }));
    const bound = boundValue(value);
    if (value === null) prepared.bindNull(index);
    else prepared.bindValue(index, bound.value, bound.type);
  }
}
