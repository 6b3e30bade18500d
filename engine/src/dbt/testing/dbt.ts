import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { command } from '../../../../scripts/services/cache.ts';

export async function writeProject(files: ReadonlyMap<string, string | Uint8Array>): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'datacraft-dbt-'));
  for (const [path, content] of files) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), content);
  }
  return root;
}

/** Runs dbt in a project; a failure is thrown with what it printed. */
export function dbt(
  bin: string,
  project: string,
  verb: string,
  more: readonly string[] = [],
  env: Readonly<Record<string, string>> = {},
): Promise<string> {
  return command(join(bin, 'dbt'), [verb, ...more, '--project-dir', project, '--profiles-dir', project], {
    cwd: project,
    env: { DBT_SEND_ANONYMOUS_USAGE_STATS: 'false', ...env },
  });
}

const reader = `
import duckdb, json, sys
built = duckdb.connect(sys.argv[1], read_only=True)
print(json.dumps(built.execute(sys.argv[2]).fetchall()))`;

/** Rows that dbt built, read by the DuckDB it built them with: select text. */
export async function builtRows(bin: string, file: string, sql: string): Promise<unknown[][]> {
  return JSON.parse(await command(join(bin, 'python'), ['-c', reader, file, sql], { cwd: tmpdir() })) as unknown[][];
}
