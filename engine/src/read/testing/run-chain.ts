import { quoteLiteral } from '@datacraft/shared';
import type { DuckPool, DuckSession } from '../../duckdb/session.ts';
import type { ReadChain } from '../read-chain.ts';

/** Rows of a chain by column name, from a locked session of the pool. */
export async function rowsOf(pool: DuckPool, chain: ReadChain): Promise<Record<string, unknown>[]> {
  return withChain(pool, chain, async (session) => {
    const page = await session.rows(chain.select);
    return page.rows.map((row) => Object.fromEntries(page.columns.map(({ name }, at) => [name, row[at]])));
  });
}

/** Lends a session in which the chain's SELECT can run. */
export async function withChain<Result>(
  pool: DuckPool,
  chain: ReadChain,
  use: (session: DuckSession) => Promise<Result>,
  writableDir?: string,
): Promise<Result> {
  const session = await pool.open({ readable: chain.files, ...(writableDir === undefined ? {} : { writableDir }) });
  try {
    for (const { name, value, type } of chain.variables) await session.setVariable(name, value, type);
    for (const view of chain.views) await session.run(view.sql);
    return await use(session);
  } finally {
    await session.close();
  }
}

/** Writes rows into `dir` as a publish would leave them. */
export async function writeParquet(pool: DuckPool, dir: string, file: string, select: string): Promise<void> {
  const session = await pool.open({ writableDir: dir });
  try {
    await session.run(`copy (\n${select}\n) to ${quoteLiteral(file)} (format parquet)`);
  } finally {
    await session.close();
  }
}
