import { randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { RelationRef } from '@datacraft/shared';
import type { DuckPool } from '../../duckdb/session.ts';
import { createLake, type Lake } from '../../lake/lake.ts';
import { commitTables } from '../commit.ts';
import { loadTable, type AsOf } from '../load-table.ts';
import { scanOf, scanSql } from '../scan.ts';
import type { CommittedTable, LoadedTable, Queryable, StagedTable, WriteMode } from '../table.ts';
import { planWrite, stage } from '../write.ts';

/** Pool and transactions of `pg`, of which tests need this much. */
export interface TestPool extends Queryable {
  connect(): Promise<Queryable & { release(): void }>;
}

export interface Write {
  readonly ref: RelationRef;
  readonly select: string;
  readonly mode: WriteMode;
}

export interface TestWarehouse {
  readonly lake: Lake;
  readonly root: string;
  transaction<Result>(work: (client: Queryable) => Promise<Result>): Promise<Result>;
  stage(write: Write): Promise<StagedTable>;
  publish(...writes: Write[]): Promise<readonly CommittedTable[]>;
  load(ref: RelationRef, asOf?: AsOf): Promise<LoadedTable>;
  /** Rows of `tail` over the table, which it calls `t`. */
  read(ref: RelationRef, tail?: string, asOf?: AsOf): Promise<readonly (readonly unknown[])[]>;
  /** The same over any scan, in a session that may read `files`. */
  readScan(scan: string, files: readonly string[], tail: string): Promise<readonly (readonly unknown[])[]>;
  remove(): Promise<void>;
}

export async function createTestWarehouse(pool: TestPool, duck: DuckPool): Promise<TestWarehouse> {
  const root = await mkdtemp(join(tmpdir(), 'datacraft-lake-'));
  const lake = createLake({ root: join(root, 'lake') });
  const warehouse: TestWarehouse = {
    lake,
    root,
    transaction: (work) => inTransaction(pool, work),
    stage: (write) => stageWrite({ pool, duck, lake, root }, write),
    publish: async (...writes) => {
      const staged = await Promise.all(writes.map((write) => warehouse.stage(write)));
      return inTransaction(pool, (client) => commitTables(client, lake, staged, { nowMs: Date.now(), summary: {} }));
    },
    load: async (ref, asOf) => {
      const table = await loadTable(pool, lake, ref, asOf);
      if (!table) throw new Error(`no table ${ref.layer}.${ref.name}`);
      return table;
    },
    read: async (ref, tail = 'select * from t order by all', asOf) => {
      const table = await warehouse.load(ref, asOf);
      if (table.uniform) await refuseDifference(duck, table);
      return warehouse.readScan(scanSql(table), table.files, tail);
    },
    readScan: (scan, files, tail) => readScan(duck, scan, files, tail),
    remove: () => rm(root, { recursive: true, force: true }),
  };
  return warehouse;
}

/** Files that are read as they are show the same columns and rows as when each column is found by its id. */
async function refuseDifference(duck: DuckPool, table: LoadedTable): Promise<void> {
  const session = await duck.open({ readable: table.files });
  try {
    const [asTheyAre, byId] = [scanSql(table), scanOf({ ...table, uniform: false })];
    const [ours, theirs] = [await session.describe(asTheyAre), await session.describe(byId)];
    const page = await session.rows(`select count(*) from ((${asTheyAre}) except all (${byId}))`);
    if (!isDeepStrictEqual(ours, theirs) || Number(page.rows[0]?.[0]) > 0)
      throw new Error(`${table.location} is called uniform, and is not`);
  } finally {
    await session.close();
  }
}

async function readScan(
  duck: DuckPool,
  scan: string,
  files: readonly string[],
  tail: string,
): Promise<readonly (readonly unknown[])[]> {
  const session = await duck.open({ readable: files });
  try {
    return (await session.rows(`with t as (${scan}) ${tail}`)).rows;
  } finally {
    await session.close();
  }
}

interface World {
  readonly pool: Queryable;
  readonly duck: DuckPool;
  readonly lake: Lake;
  readonly root: string;
}

async function stageWrite(world: World, write: Write): Promise<StagedTable> {
  const { pool, duck, lake, root } = world;
  const writableDir = join(root, 'tmp', randomUUID());
  await mkdir(writableDir, { recursive: true });
  const session = await duck.open({ writableDir });
  try {
    const current = await loadTable(pool, lake, write.ref);
    const columns = await session.describe(write.select);
    const plan = planWrite({ current, ref: write.ref, columns, mode: write.mode, lake, writableDir });
    return await stage(plan, await session.rows(plan.copySql(write.select)), lake);
  } finally {
    await session.close();
  }
}

async function inTransaction<Result>(pool: TestPool, work: (client: Queryable) => Promise<Result>): Promise<Result> {
  const client = await pool.connect();
  try {
    await client.query('begin');
    const result = await work(client);
    await client.query('commit');
    return result;
  } catch (error) {
    await client.query('rollback');
    throw error;
  } finally {
    client.release();
  }
}
