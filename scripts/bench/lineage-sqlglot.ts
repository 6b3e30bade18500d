import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { sqlglot } from '../services/oracles.ts';

/** sqlglot's lineage, in a Python of its own that stays: its start and imports are in no time. */
export interface SqlglotPeer {
  /** Which of the queries it answers. */
  readonly known: readonly number[];
  /** Milliseconds for one round over them. */
  round(): Promise<number>;
  stop(): void;
}

export async function startSqlglot(
  queries: readonly string[],
  schema: Readonly<Record<string, Readonly<Record<string, string>>>>,
): Promise<SqlglotPeer> {
  await sqlglot.install();
  const program = join(sqlglot.exports()['SQLGLOT_BIN'] ?? '', 'python');
  const child = spawn(program, [join(import.meta.dirname, 'lineage-sqlglot.py')], {
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const answer = async (asked: string): Promise<unknown> => {
    child.stdin.write(`${asked}\n`);
    const { value, done } = await lines.next();
    if (done === true) throw new Error('sqlglot ended before it answered');
    return JSON.parse(value);
  };
  const known = (await answer(JSON.stringify({ queries, schema }))) as number[];
  return { known, round: async () => 1000 * Number(await answer('again')), stop: () => void child.kill() };
}
