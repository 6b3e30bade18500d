/**
 * Keeping the warehouse small: what retention lets go is expired, small files are written as fewer, and files that
 * nothing names are removed.
 *
 * K1  No file is removed that any kept snapshot, a tag, or a run that has not published yet refers to.
 * K2  A snapshot's files outlive it by `graceMs`: who reads it when it expires reads on.
 * K3  Rows are the same before and after, of the table and of every snapshot that is kept.
 * K4  One maintenance at a time; killed at any instant, the next one goes on.
 */
import type { RelationRef } from '@datacraft/shared';
import { Fault, relationName } from '@datacraft/shared';
import { listTables } from '../iceberg/catalog.ts';
import { sweepOrphans, type Swept } from '../iceberg/sweep.ts';
import type { RunDeps } from '../run/context.ts';
import { compactTable, type Compacted } from './compact.ts';
import { expireTable, type Expired } from './expire.ts';

export type MaintainDeps = Pick<RunDeps, 'db' | 'duck' | 'lake' | 'tempDir' | 'limits' | 'now'>;

export interface MaintainOptions {
  /** Default: all. */
  readonly tables?: readonly RelationRef[];
  /** Only says what would be done. */
  readonly dryRun: boolean;
  readonly graceMs: number;
  readonly signal?: AbortSignal;
}

export interface MaintainedTable {
  readonly table: string;
  readonly compacted: Compacted | null;
  readonly expired: Expired;
  /** Why its files were not compacted; the others were maintained all the same. */
  readonly failure?: string;
}

export interface Maintenance {
  readonly tables: readonly MaintainedTable[];
  readonly swept: Swept;
}

/** Session-wide number of the lock that one maintenance holds. */
const LOCK = '722, 145';
/** Clocks of the database and of the file system may differ by so much. */
const SKEW_MS = 60_000;

/** Throws `conflict` when another one is under way. */
export async function maintain(deps: MaintainDeps, options: MaintainOptions): Promise<Maintenance> {
  return deps.db.transaction(async (lock) => {
    const { rows } = await lock.query<{ held: boolean }>(`select pg_try_advisory_xact_lock(${LOCK}) as held`);
    if (rows[0]?.held !== true)
      throw new Fault('conflict', 'another maintenance of this warehouse is under way; it ends by itself');
    const refs = options.tables ?? (await listTables(deps.db)).map(({ ref }) => ref);
    const tables: MaintainedTable[] = [];
    for (const ref of refs) {
      options.signal?.throwIfAborted();
      tables.push(await maintainTable(ref, deps, options));
    }
    return { tables, swept: await sweep(deps, options) };
  });
}

async function maintainTable(ref: RelationRef, deps: MaintainDeps, options: MaintainOptions): Promise<MaintainedTable> {
  const compacted = await compactTable(ref, deps, options).catch((error: unknown) =>
    error instanceof Fault ? error : Promise.reject(error instanceof Error ? error : new Error(String(error))),
  );
  const expired = await expireTable(ref, deps, options);
  const base = { table: relationName(ref), expired };
  return compacted instanceof Fault ? { ...base, compacted: null, failure: compacted.message } : { ...base, compacted };
}

async function sweep({ db, lake, now }: MaintainDeps, { graceMs, dryRun }: MaintainOptions): Promise<Swept> {
  const { rows } = await db.query<{ since: string | null }>(
    `select extract(epoch from min(created_at)) * 1000 as since from runs where state in ('queued', 'running')`,
  );
  const nowMs = now().getTime();
  const since = rows[0]?.since ?? null;
  const unpublishedSinceMs = (since === null ? nowMs : Number(since)) - SKEW_MS;
  return sweepOrphans(db, lake, { nowMs, graceMs, unpublishedSinceMs, dryRun });
}
