import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { QueryDeps } from '@datacraft/engine';
import { createDuckPool, createLake, databaseOf, readsEverything } from '@datacraft/engine';
import type { TestDatabase } from '@datacraft/migrations/testing';
import { createTestDatabase } from '@datacraft/migrations/testing';

/** A database and a lake for programs that are killed, and an engine of the test's own that looks at what they left. */
export interface KillWorkspace {
  readonly database: TestDatabase;
  readonly folder: string;
  readonly env: Record<string, string>;
  readonly deps: QueryDeps;
  close(): Promise<void>;
}

export async function createKillWorkspace(): Promise<KillWorkspace> {
  const database = await createTestDatabase();
  const folder = await mkdtemp(path.join(tmpdir(), 'datacraft-kill-'));
  const dataDir = path.join(folder, 'data');
  const duck = createDuckPool({ memoryLimitMb: 300, threads: 1 });
  return {
    database,
    folder,
    env: { DATABASE_URL: database.url, DATACRAFT_DATA_DIR: dataDir, DATACRAFT_WEB_DIR: path.join(folder, 'none') },
    deps: {
      db: databaseOf(database.pool),
      duck,
      lake: createLake({ root: path.join(dataDir, 'lake') }),
      tempDir: folder,
      limits: { memoryLimitMb: 300, threads: 1, taskTimeoutMs: 60_000, concurrency: 1 },
      mayRead: readsEverything,
    },
    async close() {
      await duck.stop();
      await database.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
