import { sqlglot } from '../services/oracles.ts';
import { startPythonPeer } from './python-peer.ts';

/** sqlglot's lineage of the same queries. */
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
  const peer = await startPythonPeer(sqlglot, 'lineage-sqlglot.py');
  const known = (await peer.ask(JSON.stringify({ queries, schema }))) as number[];
  return { known, round: async () => 1000 * Number(await peer.ask('again')), stop: () => peer.stop() };
}
