import { DuckDBInstance } from '@duckdb/node-api';
import type { Column, ResultPage } from '@datacraft/shared';

/** A locked DuckDB in this process, as a session has it, for tests of the SQL this room generates. */
export interface TestSession {
  describe(sql: string): Promise<readonly Column[]>;
  rows(sql: string): Promise<ResultPage>;
  close(): void;
}

export async function openTestSession(options: {
  readonly readable?: readonly string[];
  readonly writableDir?: string;
}): Promise<TestSession> {
  const instance = await DuckDBInstance.create(':memory:', { threads: '2' });
  const connection = await instance.connect();
  const list = (paths: readonly string[]): string => `[${paths.map((path) => `'${path}'`).join(', ')}]`;
  await connection.run(`set TimeZone = 'UTC'; set allowed_paths = ${list(options.readable ?? [])}`);
  if (options.writableDir) await connection.run(`set allowed_directories = ${list([`${options.writableDir}/`])}`);
  await connection.run('set enable_external_access = false; set lock_configuration = true');
  const rows = async (sql: string): Promise<ResultPage> => {
    const reader = await connection.runAndReadAll(sql);
    const types = reader.columnTypes().map(String);
    const columns = reader.columnNames().map((name, index) => ({ name, type: types[index] ?? '' }));
    return { columns, rows: reader.getRowsJson(), totalRows: reader.currentRowCount, truncated: false };
  };
  return {
    rows,
    describe: async (sql) => {
      const described = await rows(`describe ${sql}`);
      return described.rows.map((row) => ({ name: String(row[0]), type: String(row[1]) }));
    },
    close: () => {
      connection.closeSync();
      instance.closeSync();
    },
  };
}
