import type {
  Compiled,
  DuckPool,
  LineageSink,
  Owner,
  QueryDeps,
  ResolveFiles,
  RunDeps,
  RunEvent,
  SpanSink,
} from '@datacraft/engine';
import { compile, createDuckPool, createLake, databaseOf, depsInside } from '@datacraft/engine';
import type { Notebook } from '@datacraft/shared';
import type pg from 'pg';
import type { Principal } from './auth/principal.ts';
import { branchAsked } from './branch/asked.ts';
import { fileOwners } from './branch/store.ts';
import { readableBy, readableIn } from './auth/table-access.ts';
import type { Config } from './config.ts';
import { dashboardFiles } from './dashboard/attachment.ts';
import type { DashboardDeps } from './dashboard/dashboards.ts';
import { Dashboards } from './dashboard/dashboards.ts';
import { createRemoteAccess, homeOf } from './secret/remote-access.ts';
import { failedCells } from './store/dashboards.ts';
import { openTempDir } from './temp-dir.ts';
import { createOtlpSink } from './trace/otlp-sink.ts';
import { createLineageSink } from './worker/lineage-sink.ts';
import { notebookResolver } from './worker/notebook-files.ts';

/** The engine as a server process holds it: one pool of sessions, one lake, and how notebooks find their files. */
export interface ServerEngine {
  readonly run: RunDeps;
  /** What a notebook's runs and readers work on: a branch's, its own tables. */
  inside(notebookId: string | null): RunDeps;
  /**
   * For reading rows: what this person, or the cells of this notebook, may read. `branch`: where names mean the tables
   * of this branch, by its id or its name.
   */
  readingAs(principal: Principal, branch?: string): Promise<RunDeps & QueryDeps>;
  readingIn(notebookId: string): Promise<RunDeps & QueryDeps>;
  resolveFor(owner: Pick<Owner, 'notebookId'>): ResolveFiles;
  compile(notebook: Notebook): Promise<Compiled>;
  stop(): Promise<void>;
}

export interface EngineOptions {
  readonly config: Config;
  readonly pool: pg.Pool;
  readonly emit: (event: RunEvent) => void;
  readonly now?: () => Date;
  /** Hears why a part of a dashboard that is mailed could not be computed. */
  readonly log?: DashboardDeps['log'];
  /** Hears why an event of lineage could not be delivered. */
  readonly onLost?: (reason: string) => void;
  /** Takes the spans of runs; flushed by whoever made it. */
  readonly spans?: SpanSink | null;
}

export async function createServerEngine(options: EngineOptions): Promise<ServerEngine> {
  const { config, pool, emit, onLost = () => {}, spans = null } = options;
  const tempDir = await openTempDir(config.dataDir);
  const duck: DuckPool = createDuckPool({ memoryLimitMb: config.memoryLimitMb, threads: config.threads });
  const lineage = openLineageOf(config, onLost);
  const run: RunDeps = {
    db: databaseOf(pool),
    duck,
    lake: createLake({ root: config.lakeUrl }),
    tempDir,
    limits: {
      memoryLimitMb: config.memoryLimitMb,
      threads: config.threads,
      taskTimeoutMs: config.runTimeoutMs,
      concurrency: 2,
    },
    now: options.now ?? (() => new Date()),
    emit,
    remote: { ...createRemoteAccess(config, pool), dashboard: (...asked) => dashboardFile(...asked) },
    ...(lineage === null ? {} : { openLineage: lineage }),
    ...(spans === null ? {} : { spans }),
  };
  const dashboards = new Dashboards({
    reading: async (notebookId) => ({ ...inside(notebookId), mayRead: await readableIn(pool, notebookId) }),
    compile: (notebook) => compile(notebook, duck),
    failedCells: (notebookId) => failedCells(run.db, notebookId),
    log: options.log ?? { warn: () => undefined },
    now: run.now,
    timeoutMs: config.previewTimeoutMs,
  });
  const dashboardFile = dashboardFiles(run.db, dashboards);
  const inside = (notebookId: string | null) => depsInside(notebookId, run);
  return {
    run,
    inside,
    readingAs: async (principal, branch) => ({
      ...inside(branch === undefined ? (principal.notebookId ?? null) : await branchAsked(pool, principal, branch)),
      mayRead: await readableBy(pool, principal),
    }),
    readingIn: async (notebookId) => ({ ...inside(notebookId), mayRead: await readableIn(pool, notebookId) }),
    resolveFor: notebookResolver(config, fileOwners(pool)),
    compile: (notebook) => compile(notebook, duck),
    stop: async () => {
      await lineage?.flush();
      await duck.stop();
    },
  };
}

/** Null when nobody wants spans. */
export function spanSinkOf({ traces }: Config, onLost: (reason: string) => void): SpanSink | null {
  return traces === null ? null : createOtlpSink(traces, { onLost });
}

/** Null when nobody wants events. */
export function openLineageOf(config: Config, onLost: (reason: string) => void): LineageSink | null {
  return config.openLineageUrl === null
    ? null
    : createLineageSink(config.openLineageUrl, { onLost, producer: homeOf(config) });
}

/** Who owns what a notebook of the server publishes. */
export function ownerOf(notebookId: string, title: string): Owner {
  return { key: `notebook:${notebookId}`, title, notebookId };
}
