import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RunReport, TaskReport } from '@datacraft/shared';
import { newId, parseNotebook } from '@datacraft/shared';
import { compile } from '../../compile/compile.ts';
import { createDuckPool } from '../../duckdb/pool.ts';
import type { DuckPool } from '../../duckdb/session.ts';
import { createLake } from '../../lake/lake.ts';
import type { QueryDeps, QueryRequest } from '../../query/query.ts';
import { withQuery } from '../../query/query.ts';
import { createFileResolver } from '../../source/file/resolver.ts';
import { databaseOf } from '../../store/database.ts';
import { readsEverything } from '../../store/relations.ts';
import type { Lease } from '../../store/lease.ts';
import { claimRun } from '../../store/lease.ts';
import type { RunDeps, RunEvent, RunOptions } from '../context.ts';
import type { RunInput } from '../prepare.ts';
import { submitRun } from '../queued-run.ts';
import { execute } from '../runner.ts';

export interface RunRequest extends Partial<RunOptions> {
  /** Who runs it; notebooks of one name are one owner. */
  readonly owner?: string;
  readonly signal?: AbortSignal;
  readonly deps?: Partial<RunDeps>;
}

/** A database, a lake, an engine and a folder of files: notebooks as text go in, reports and rows come out. */
export interface Workshop {
  readonly deps: RunDeps & QueryDeps;
  readonly root: string;
  readonly events: RunEvent[];
  file(name: string, content: string | Uint8Array): Promise<void>;
  input(text: string, request?: RunRequest): Promise<RunInput>;
  /** Waits for its turn, as the command line does. */
  begin(input: RunInput): Promise<Lease>;
  run(text: string, request?: RunRequest): Promise<RunReport>;
  rows(sql: string, request?: Omit<QueryRequest, 'sql'>): Promise<readonly (readonly unknown[])[]>;
  close(): Promise<void>;
}

/** What a test gives of its database; closed with the workshop. */
export interface WorkshopDatabase {
  readonly pool: Parameters<typeof databaseOf>[0];
  close(): Promise<void>;
}

export async function createWorkshop(database: WorkshopDatabase): Promise<Workshop> {
  const root = await mkdtemp(join(tmpdir(), 'datacraft-run-'));
  const tempDir = join(root, 'tmp');
  await mkdir(tempDir);
  await mkdir(join(root, 'files'));
  const duck: DuckPool = createDuckPool({ memoryLimitMb: 300, threads: 2 });
  const events: RunEvent[] = [];
  const deps: RunDeps & QueryDeps = {
    mayRead: readsEverything,
    db: databaseOf(database.pool),
    duck,
    lake: createLake({ root: join(root, 'lake') }),
    tempDir,
    limits: { memoryLimitMb: 300, threads: 2, taskTimeoutMs: 60_000, concurrency: 2 },
    now: () => new Date(),
    emit: (event) => void events.push(event),
  };
  const resolve = createFileResolver({ root: join(root, 'files'), cacheDir: join(root, 'cache') });
  const workshop: Workshop = {
    deps,
    root,
    events,
    file: (name, content) => writeFile(join(root, 'files', name), content),
    async input(text, { owner = 'a', params = {}, fullRefresh = false, select, interval, replay, replayWhere } = {}) {
      const { notebook } = parseNotebook(text);
      return {
        compiled: await compile(notebook, duck),
        notebook,
        owner: { key: `file:/${owner}.md`, title: owner, notebookId: null },
        options: {
          params,
          fullRefresh,
          ...(select === undefined ? {} : { select }),
          ...(interval === undefined ? {} : { interval }),
          ...(replay === undefined ? {} : { replay }),
          ...(replayWhere === undefined ? {} : { replayWhere }),
        },
        resolve,
        mayRead: readsEverything,
      };
    },
    async begin({ owner, notebook }) {
      const runId = newId<string>('run');
      await submitRun({ runId, owner, notebook, request: {}, trigger: 'cli', createdBy: null }, deps.db);
      for (;;) {
        const claim = await claimRun(deps.db, runId, 'elsewhere:1:test');
        if (claim.kind === 'claimed') return claim.lease;
        await new Promise((wake) => setTimeout(wake, 20));
      }
    },
    async run(text, request = {}) {
      const input = await workshop.input(text, request);
      const lease = await workshop.begin(input);
      const signal = request.signal ?? new AbortController().signal;
      return execute({ input, lease, deps: { ...deps, ...request.deps }, signal });
    },
    rows: (sql, request = {}) =>
      withQuery({ sql, ...request }, deps, async ({ session, select }) => (await session.rows(select)).rows),
    async close() {
      await duck.stop();
      await database.close();
      await rm(root, { recursive: true, force: true });
    },
  };
  return workshop;
}

/** The task of a cell. */
export function taskOf(report: RunReport, cell: string): TaskReport {
  const task = report.tasks.find((each) => each.cell === cell);
  if (!task) throw new Error(`the run has no task ${cell}`);
  return task;
}

/** A notebook of sql cells: name → its text, header and all. */
export function sqlCells(cells: Readonly<Record<string, string>>): string {
  return Object.entries(cells)
    .map(([name, text]) => `\`\`\`sql ${name}\n${text.trim()}\n\`\`\`\n`)
    .join('\n');
}
