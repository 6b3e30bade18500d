import { DuckDBInstance } from '@duckdb/node-api';
import type { DuckDBConnection } from '@duckdb/node-api';
import { quoteLiteral } from '@datacraft/shared';
import type { ReadChain } from '../read-chain.ts';

/** A locked session as the pool opens it: the files of the chain and nothing else. */
export async function openLocked(files: readonly string[]): Promise<DuckDBConnection> {
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  await connection.run(`set allowed_paths = [${files.map(quoteLiteral).join(', ')}]`);
  await connection.run('set errors_as_json = true; set enable_external_access = false; set lock_configuration = true');
  return connection;
}

/** Rows of a chain, as JSON. */
export async function rowsOf(chain: ReadChain): Promise<unknown[]> {
  const connection = await openLocked(chain.files);
  for (const { name, value, type } of chain.variables) {
    const isText = typeof value === 'string';
    const text = isText ? value : JSON.stringify(value);
    await connection.run(`set variable ${name} = cast($text${isText ? '' : '::json'} as ${type})`, { text });
  }
  for (const view of chain.views) await connection.run(view.sql);
  return (await connection.runAndReadAll(chain.select)).getRowObjectsJson();
}

export async function writeParquet(path: string, select: string, views: ReadChain['views'] = []): Promise<void> {
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  for (const view of views) await connection.run(view.sql);
  await connection.run(`copy (\n${select}\n) to ${quoteLiteral(path)} (format parquet)`);
}
