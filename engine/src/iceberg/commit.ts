import { randomBytes } from 'node:crypto';
import type { RelationRef } from '@datacraft/shared';
import { Fault, relationName, say } from '@datacraft/shared';
import type { Lake } from '../lake/lake.ts';
import {
  buildCommit,
  MANIFESTS_TO_MERGE,
  type BuiltCommit,
  type CommitBase,
  type CommitChance,
} from './build-commit.ts';
import { CATALOG_NAME, metadataLocationsOf } from './catalog.ts';
import { readManifestList, readMetadata, rememberManifests } from './file-cache.ts';
import { listedManifests, liveOf } from './load-table.ts';
import { lockTables } from './lock.ts';
import type { ManifestEntry } from './manifest.ts';
import { currentSnapshot } from './metadata.ts';
import type { CommittedTable, Queryable, StagedTable } from './table.ts';

export interface CommitOptions {
  readonly nowMs: number;
  /** Properties of each table's snapshot, by `layer.name`. */
  readonly summary: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly random?: (bytes: number) => Buffer;
}

/**
 * Makes staged files the tables' next state, in the caller's READ COMMITTED transaction: visible when that commits,
 * as if never written when it rolls back. Call it once per transaction with all tables; others that commit one of
 * them wait until this transaction ends. Two entries of one table are two snapshots, in their order.
 *
 * `meanwhile` is done while the disk takes the files: what else belongs to the transaction. Resolves after both.
 *
 * Throws `publish-conflict` when columns were changed by another commit so that the written files do not fit.
 */
export async function commitTables(
  client: Queryable,
  lake: Lake,
  staged: readonly StagedTable[],
  options: CommitOptions,
  meanwhile: (committed: readonly CommittedTable[]) => Promise<void> = async () => {},
): Promise<readonly CommittedTable[]> {
  if (staged.length > 0)
    await lockTables(
      client,
      staged.map((table) => table.ref),
    );
  const chance = chanceOf(options);
  const committed = await stayed(client, staged);
  const rounds = roundsOf(staged.filter((table) => table.asItIs === undefined));
  for (const [at, round] of rounds.entries()) {
    const built = await buildRound(round, { client, lake, options, chance });
    committed.push(...built.map(committedOf));
    const isLast = at === rounds.length - 1;
    await bothOf(
      writeRound(lake, round, built),
      swapAll(client, built).then(() => (isLast ? meanwhile(committed) : undefined)),
    );
  }
  if (rounds.length === 0) await meanwhile(committed);
  return committed;
}

interface Committing {
  readonly client: Queryable;
  readonly lake: Lake;
  readonly options: CommitOptions;
  readonly chance: CommitChance;
}

async function buildRound(
  round: readonly StagedTable[],
  { client, lake, options, chance }: Committing,
): Promise<BuiltCommit[]> {
  const locations = await metadataLocationsOf(
    client,
    round.map((table) => table.ref),
  );
  const bases = await Promise.all(
    round.map((table) => loadBase(lake, table, locations.get(relationName(table.ref)) ?? null)),
  );
  return round.map((table, index) =>
    buildCommit(table, bases[index] ?? null, options.summary[relationName(table.ref)] ?? {}, chance),
  );
}

async function writeRound(lake: Lake, round: readonly StagedTable[], built: readonly BuiltCommit[]): Promise<void> {
  const adopted = round.flatMap((table) => table.dataFiles.map((file) => file.url));
  await Promise.all([lake.durable(adopted), lake.writeAll(built.flatMap((commit) => commit.files))]);
  rememberManifests(
    lake,
    built.flatMap((commit) => commit.written),
  );
}

async function swapAll(client: Queryable, built: readonly BuiltCommit[]): Promise<void> {
  for (const commit of built) await swap(client, commit);
}

/** Neither goes on when this has ended, well or not. */
async function bothOf(one: Promise<void>, other: Promise<void>): Promise<void> {
  await Promise.allSettled([one, other]);
  await Promise.all([one, other]);
}

/** Tables that nothing changes: they are still what they were when that was found. */
async function stayed(client: Queryable, staged: readonly StagedTable[]): Promise<CommittedTable[]> {
  const same = staged.filter((table) => table.asItIs !== undefined);
  if (same.length === 0) return [];
  const locations = await metadataLocationsOf(
    client,
    same.map((table) => table.ref),
  );
  return same.flatMap(({ ref, asItIs, totalRows }) => {
    if (asItIs === undefined) return [];
    if (locations.get(relationName(ref)) === asItIs.metadataLocation) return [{ ref, ...asItIs, rows: totalRows }];
    throw changedMeanwhile(ref);
  });
}

/** Tables that may be written side by side: the second entry of a table waits for the round after. */
function roundsOf(staged: readonly StagedTable[]): StagedTable[][] {
  const rounds: StagedTable[][] = [];
  const seen = new Map<string, number>();
  for (const table of staged) {
    const round = seen.get(relationName(table.ref)) ?? 0;
    seen.set(relationName(table.ref), round + 1);
    (rounds[round] ??= []).push(table);
  }
  return rounds;
}

async function loadBase(lake: Lake, staged: StagedTable, metadataLocation: string | null): Promise<CommitBase | null> {
  if (metadataLocation === null) return null;
  const metadata = await readMetadata(lake, metadataLocation);
  const snapshot = currentSnapshot(metadata);
  const manifests = snapshot ? await readManifestList(lake, snapshot['manifest-list']) : [];
  const needsEntries =
    staged.mode === 'overwrite' || staged.replaced.size > 0 || manifests.length >= MANIFESTS_TO_MERGE;
  const listed = needsEntries && snapshot ? await listedManifests(lake, snapshot) : null;
  refuseGone(staged, liveOf(listed ?? []));
  return { metadataLocation, metadata, manifests, listed };
}

/** What takes the place of files is only right while they are there. */
function refuseGone({ ref, replaced }: StagedTable, live: readonly ManifestEntry[]): void {
  const found = live.filter((entry) => replaced.has(entry.data_file.file_path));
  if (found.length === replaced.size) return;
  throw changedMeanwhile(ref);
}

function changedMeanwhile(ref: RelationRef): Fault {
  const message = say('{table} was changed by another run while this one merged into it; run it again', {
    table: relationName(ref),
  });
  return new Fault('publish-conflict', message, { relation: relationName(ref) });
}

/** The compare-and-swap that makes a metadata file the table's. Throws `publish-conflict` when another was first. */
export async function swap(
  client: Queryable,
  commit: Pick<BuiltCommit, 'ref' | 'previousLocation' | 'metadataLocation'>,
): Promise<void> {
  const names = [CATALOG_NAME, commit.ref.layer, commit.ref.name];
  const { rowCount } =
    commit.previousLocation === null
      ? await client.query(
          `insert into iceberg_tables (catalog_name, table_namespace, table_name, metadata_location, iceberg_type)
           values ($1, $2, $3, $4, 'TABLE') on conflict do nothing`,
          [...names, commit.metadataLocation],
        )
      : await client.query(
          `update iceberg_tables set metadata_location = $4, previous_metadata_location = $5
           where catalog_name = $1 and table_namespace = $2 and table_name = $3 and metadata_location = $5
             and (iceberg_type = 'TABLE' or iceberg_type is null)`,
          [...names, commit.metadataLocation, commit.previousLocation],
        );
  if (rowCount === 1) return;
  throw new Fault(
    'publish-conflict',
    say('{table} was changed from outside while it was published; run it again', { table: relationName(commit.ref) }),
    { relation: relationName(commit.ref) },
  );
}

function committedOf(commit: BuiltCommit): CommittedTable {
  return {
    ref: commit.ref,
    snapshotId: String(commit.snapshotId),
    metadataLocation: commit.metadataLocation,
    rows: commit.rows,
  };
}

export function chanceOf(options: CommitOptions): CommitChance {
  const random = options.random ?? randomBytes;
  return {
    nowMs: options.nowMs,
    newUuid: () => uuidOf(random(16)),
    newSnapshotId: () => snapshotIdOf(random(8)),
    newSync: () => random(16),
  };
}

/** Below 2^53, so that JSON of every reader keeps it. Never 0. */
function snapshotIdOf(bytes: Buffer): number {
  return Number(bytes.readBigUInt64BE() >> 11n) || 1;
}

function uuidOf(bytes: Buffer): string {
  const random = Buffer.from(bytes);
  random[6] = ((random[6] ?? 0) & 0x0f) | 0x40;
  random[8] = ((random[8] ?? 0) & 0x3f) | 0x80;
  return random.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
