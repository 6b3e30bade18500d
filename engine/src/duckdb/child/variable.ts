import type { DuckDBConnection } from '@duckdb/node-api';
import { Fault, quoteIdentifier, say } from '@datacraft/shared';
import type { Operations } from '../wire.ts';
import { boundValue } from './bind-value.ts';

// The type is pasted into SQL because it cannot be bound: a word or words, a precision, list brackets.
const TYPE = /^[a-z_][a-z0-9_]*( [a-z_][a-z0-9_]*)*(\(\d+(, ?\d+)?\))?(\[\d*\])*$/i;

export async function setVariable(
  connection: DuckDBConnection,
  { name, value, type }: Operations['setVariable']['request'],
): Promise<void> {
  if (type !== null && !TYPE.test(type))
    throw new Fault('bad-request', say('expected a DuckDB type, got "{type}"', { type }));
  const bound = boundValue(value);
  const expression = type === null ? '$1' : `cast($1 as ${type})`;
  await connection.run(`set variable ${quoteIdentifier(name)} = ${expression}`, [bound.value], [bound.type]);
}
