import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isFault, type Fault, type ResultPage } from '@datacraft/shared';
import { createDuckPool, type DuckPoolOptions } from '../pool.ts';
import type { DuckSession, SessionOptions } from '../session.ts';

/** A pool with a folder of its own, and what tests do with it. */
export async function createTestPool(options: DuckPoolOptions = {}) {
  const root = await mkdtemp(join(tmpdir(), 'datacraft-duckdb-'));
  const pool = createDuckPool({ memoryLimitMb: 200, threads: 2, ...options });

  async function inSession<Result>(
    work: (session: DuckSession) => Promise<Result>,
    wanted: SessionOptions = {},
  ): Promise<Result> {
    const session = await pool.open(wanted);
    try {
      return await work(session);
    } finally {
      await session.close();
    }
  }

  return {
    pool,
    root,
    inSession,
    rows: (sql: string, wanted?: SessionOptions): Promise<ResultPage> =>
      inSession((session) => session.rows(sql), wanted),
    faultOf: (sql: string, wanted?: SessionOptions): Promise<Fault> =>
      faultOf(inSession((session) => session.rows(sql, { limit: 100 }), wanted)),
    async dir(name: string): Promise<string> {
      const dir = join(root, name);
      await mkdir(dir, { recursive: true });
      return dir;
    },
    async stop(): Promise<void> {
      await pool.stop();
      await rm(root, { recursive: true, force: true });
    },
  };
}

export async function faultOf(work: Promise<unknown>): Promise<Fault> {
  try {
    await work;
  } catch (error) {
    if (isFault(error)) return error;
    throw error;
  }
  throw new Error('expected a fault, but it succeeded');
}
