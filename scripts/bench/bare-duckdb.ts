import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { DuckDBConnection } from '@duckdb/node-api';
import { DuckDBInstance, version } from '@duckdb/node-api';

/** DuckDB as anybody would use it from Node: one warm in-process connection, no wall, no catalogue. The peer. */
export interface BareDuckDb {
  readonly name: string;
  run(sql: string): Promise<void>;
  /** Rows as JSON values; whole numbers as text. */
  rows(sql: string): Promise<Record<string, unknown>[]>;
  close(): void;
}

export async function openBareDuckDb(settings: {
  readonly threads: number;
  readonly memoryMb: number;
}): Promise<BareDuckDb> {
  const instance = await DuckDBInstance.create(':memory:', {
    threads: String(settings.threads),
    memory_limit: `${settings.memoryMb}MB`,
  });
  const connection: DuckDBConnection = await instance.connect();
  return {
    name: `bare DuckDB ${version()} (@duckdb/node-api ${packageVersion()})`,
    async run(sql) {
      await connection.run(sql);
    },
    rows: async (sql) => (await connection.runAndReadAll(sql)).getRowObjectsJson(),
    close() {
      connection.closeSync();
      instance.closeSync();
    },
  };
}

function packageVersion(): string {
  const file = createRequire(import.meta.url).resolve('@duckdb/node-api/package.json');
  const { version: found } = JSON.parse(readFileSync(file, 'utf8')) as { version: string };
  return found;
}

/** Count and an order-free hash of all rows and columns of Parquet files. */
export async function contentOf(duck: BareDuckDb, files: readonly string[]): Promise<string> {
  const list = files.map((file) => `'${file.replaceAll("'", "''")}'`).join(', ');
  const [row] = await duck.rows(
    `select count(*) as n, coalesce(bit_xor(hash(t)), 0) as h from (select * from read_parquet([${list}])) t`,
  );
  return `${String(row?.['n'])} rows, hash ${String(row?.['h'])}`;
}
