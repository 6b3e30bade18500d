import type { DuckPool, Limits, QueryDeps, RunDeps, RunEvent } from '@datacraft/engine';
import { createDuckPool, createLake, databaseOf, readsEverything } from '@datacraft/engine';
import { rm } from 'node:fs/promises';
import type pg from 'pg';
import { applyMigrations } from '@datacraft/migrations';
import type { Config } from '../config.ts';
import { openLineageOf, spanSinkOf } from '../engine.ts';
import { createRemoteAccess } from '../secret/remote-access.ts';
import { openTempDir } from '../temp-dir.ts';
import { createPool, openDatabase } from '../database/index.ts';

/** A data directory opened by a command: its database, lake and engine. The same one that a server may be using now. */
export interface Workspace {
  readonly deps: RunDeps & QueryDeps;
  readonly pool: pg.Pool;
  close(): Promise<void>;
}

export function limitsOf(config: Config): Limits {
  return {
    memoryLimitMb: config.memoryLimitMb,
    threads: config.threads,
    taskTimeoutMs: config.runTimeoutMs,
    concurrency: 2,
  };
}

export function duckPoolOf(config: Config): DuckPool {
  return createDuckPool({ memoryLimitMb: config.memoryLimitMb, threads: config.threads });
}

export async function openWorkspace(config: Config, emit: (event: RunEvent) => void = () => {}): Promise<Workspace> {
  return (await withDatabaseUrl(config, emit)).workspace;
}

/** For a command that also listens to what other processes tell. */
export async function withDatabaseUrl(
  config: Config,
  emit: (event: RunEvent) => void = () => {},
): Promise<{ readonly workspace: Workspace; readonly url: string }> {
  const tempDir = await openTempDir(config.dataDir);
  const database = await openDatabase({ dataDir: config.dataDir, databaseUrl: config.databaseUrl });
  const pool = createPool(database.url, { applicationName: 'datacraft cli' });
  const duck = duckPoolOf(config);
  const lineage = openLineageOf(config, lineageLost);
  const spans = spanSinkOf(config, spanLost);
  const close = async () => {
    await lineage?.flush();
    await spans?.flush();
    await duck.stop();
    await pool.end();
    await rm(tempDir, { recursive: true, force: true });
    await database.close();
  };
  try {
    await applyMigrations(pool);
    const lake = createLake({ root: config.lakeUrl });
    const workspace: Workspace = {
      pool,
      deps: {
        db: databaseOf(pool),
        duck,
        lake,
        tempDir,
        limits: limitsOf(config),
        now: () => new Date(),
        emit,
        remote: createRemoteAccess(config, pool),
        ...(lineage === null ? {} : { openLineage: lineage }),
        ...(spans === null ? {} : { spans }),
        mayRead: readsEverything,
      },
      close,
    };
    return { workspace, url: database.url };
  } catch (error) {
    await close();
    throw error;
  }
}

function lineageLost(reason: string): void {
  process.stderr.write(`an OpenLineage event could not be delivered: ${reason}\n`);
}

function spanLost(reason: string): void {
  process.stderr.write(`spans could not be delivered: ${reason}\n`);
}
