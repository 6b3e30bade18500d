import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { RunDeps, RunInput } from '../../engine/src/index.ts';
import { compile, createFileResolver, execute, loadTable, readsEverything } from '../../engine/src/index.ts';
import { beginRun } from '../../server/src/cli/begin-run.ts';
import { withDatabaseUrl } from '../../server/src/cli/workspace.ts';
import { loadConfig } from '../../server/src/config.ts';
import type { CellId, RunReport } from '../../shared/src/index.ts';
import { parseNotebook } from '../../shared/src/index.ts';

/** A data directory of its own with an embedded PostgreSQL, fsync on, as `datacraft run` opens it. Removed at the end. */
export interface BenchWorkspace {
  /** For generated data: where relative paths of sources point. */
  readonly dir: string;
  readonly databaseUrl: string;
  readonly threads: number;
  readonly memoryMb: number;
  readonly deps: RunDeps;
  /** The whole run path: parse, compile, plan, run, publish. Throws when the run does not succeed. */
  run(
    text: string,
    options?: { readonly select?: readonly string[]; readonly fullRefresh?: boolean; readonly deps?: Partial<RunDeps> },
  ): Promise<RunReport>;
  /** The data files of a published table. */
  filesOf(layer: 'bronze' | 'silver' | 'gold', name: string): Promise<string[]>;
  close(): Promise<void>;
}

export async function openBenchWorkspace(): Promise<BenchWorkspace> {
  const dir = await mkdtemp(join(tmpdir(), 'datacraft-bench-'));
  const config = loadConfig({ DATACRAFT_DATA_DIR: join(dir, 'data'), DATACRAFT_LOG_LEVEL: 'error' });
  const { workspace, url: databaseUrl } = await withDatabaseUrl(config);
  const { deps } = workspace;
  const resolve = createFileResolver({ root: dir, allowedPaths: [], cacheDir: join(dir, 'cache'), allowedHosts: [] });
  return {
    dir,
    databaseUrl,
    threads: config.threads,
    memoryMb: config.memoryLimitMb,
    deps,
    async run(text, options = {}) {
      const own = { ...deps, ...options.deps };
      const { notebook } = parseNotebook(text, { newId: () => `cell_${randomUUID()}` as CellId });
      const owner = { key: `file:${join(dir, 'bench.md')}`, title: 'bench', notebookId: null };
      const compiled = await compile(notebook, own.duck);
      const signal = new AbortController().signal;
      const select = options.select ? { select: options.select } : {};
      const input: RunInput = {
        compiled,
        notebook,
        owner,
        options: { params: {}, fullRefresh: options.fullRefresh ?? true, ...select },
        resolve,
        mayRead: readsEverything,
      };
      const lease = await beginRun(input, own, signal, { out: console.error, err: console.error });
      const report = await execute({ input, lease, deps: own, signal });
      if (report.state !== 'succeeded') throw new Error(`the run ${report.state}: ${failuresOf(report)}`);
      return report;
    },
    async filesOf(layer, name) {
      const table = await loadTable(deps.db, deps.lake, { layer, name });
      if (!table) throw new Error(`${layer}.${name} was not published`);
      return table.files.map((file) => (file.startsWith('file:') ? fileURLToPath(file) : file));
    },
    async close() {
      await workspace.close();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

function failuresOf(report: RunReport): string {
  const failed = report.tasks.filter((task) => task.error).map((task) => `${task.cell}: ${task.error?.message}`);
  return [...failed, ...(report.error ? [report.error.message] : [])].join('; ');
}
