import type { RelationRef } from '@datacraft/shared';
import { type Lake, plainUrl } from '../lake/lake.ts';
import { allMetadataLocations, CATALOG_NAME } from './catalog.ts';
import { readManifest, readManifestList, readMetadata } from './file-cache.ts';
import { lockTables } from './lock.ts';
import { entryStatus } from './manifest.ts';
import type { TableMetadata } from './metadata.ts';
import type { Queryable } from './table.ts';

/** Takes the name away, in the caller's transaction. The files stay for the sweep, so a rollback loses nothing. */
export async function dropTable(client: Queryable, ref: RelationRef): Promise<boolean> {
  await lockTables(client, [ref]);
  const { rowCount } = await client.query(
    `delete from iceberg_tables where catalog_name = $1 and table_namespace = $2 and table_name = $3`,
    [CATALOG_NAME, ref.layer, ref.name],
  );
  return rowCount === 1;
}

export interface SweepOptions {
  readonly nowMs: number;
  /** Longer than the longest read: a file that no table names any more stays for so long after that was first seen. */
  readonly graceMs: number;
  /** Files written after this stay: they may be of a run that has not published yet. */
  readonly unpublishedSinceMs: number;
  /** Only tells what would be removed. */
  readonly dryRun?: boolean;
}

export interface Swept {
  readonly files: number;
  readonly sizeBytes: number;
  /** Files that no table names, which wait until readers have had their time. */
  readonly waiting: number;
}

/** Removes what no snapshot of any table names: of expired snapshots, rolled-back or killed runs, and dropped tables. */
export async function sweepOrphans(client: Queryable, lake: Lake, options: SweepOptions): Promise<Swept> {
  const listed = await lake.list();
  const live = await liveUrls(client, lake);
  const marked = await marks(client);
  const orphans = listed.filter(
    (file) => !live.has(file.url) && (marked.has(file.url) || file.modifiedMs < youngestOrphan(file.url, options)),
  );
  const due = orphans.filter((file) => (marked.get(file.url) ?? options.nowMs) <= options.nowMs - options.graceMs);
  if (options.dryRun !== true) {
    await keepMarks(client, orphans, options.nowMs);
    for (const file of due) await lake.remove(file.url);
    await unmark(client, due);
  }
  const sizeBytes = due.reduce((sum, file) => sum + file.sizeBytes, 0);
  return { files: due.length, sizeBytes, waiting: orphans.length - due.length };
}

/** Metadata is written inside the transaction that names it; data files wait for their run to publish. */
function youngestOrphan(url: string, { nowMs, graceMs, unpublishedSinceMs }: SweepOptions): number {
  return url.includes('/metadata/') ? nowMs - graceMs : Math.min(unpublishedSinceMs, nowMs - graceMs);
}

async function marks(client: Queryable): Promise<Map<string, number>> {
  const { rows } = await client.query('select url, extract(epoch from since) * 1000 as since from unreferenced_files');
  return new Map(rows.map((row) => [String(row['url']), Number(row['since'])]));
}

/** In the transaction that takes the last name of these files away. */
export async function markUnreferenced(client: Queryable, urls: readonly string[], nowMs: number): Promise<void> {
  await client.query(
    `insert into unreferenced_files (url, since) select unnest($1::text[]), to_timestamp($2::float8 / 1000)
     on conflict (url) do nothing`,
    [urls, nowMs],
  );
}

async function keepMarks(client: Queryable, orphans: readonly { url: string }[], nowMs: number): Promise<void> {
  const urls = orphans.map(({ url }) => url);
  await client.query('delete from unreferenced_files where url <> all($1)', [urls]);
  await markUnreferenced(client, urls, nowMs);
}

async function unmark(client: Queryable, removed: readonly { url: string }[]): Promise<void> {
  await client.query('delete from unreferenced_files where url = any($1)', [removed.map(({ url }) => url)]);
}

/** Everything a table names, of any of its snapshots and in any branch, in our spelling. Read after the listing, so that nothing published between is missed. */
async function liveUrls(client: Queryable, lake: Lake): Promise<Set<string>> {
  const live = new Set<string>();
  for (const metadataLocation of await allMetadataLocations(client)) {
    live.add(plainUrl(metadataLocation));
    await addUrls(lake, await readMetadata(lake, metadataLocation), live);
  }
  return live;
}

/** What metadata names: earlier metadata files, and of each snapshot its manifests and data files. */
export async function addUrls(lake: Lake, metadata: TableMetadata, to: Set<string>): Promise<void> {
  for (const entry of metadata['metadata-log']) to.add(plainUrl(entry['metadata-file']));
  for (const snapshot of metadata.snapshots) {
    to.add(plainUrl(snapshot['manifest-list']));
    for (const { manifest_path } of await readManifestList(lake, snapshot['manifest-list'])) {
      if (to.has(plainUrl(manifest_path))) continue;
      to.add(plainUrl(manifest_path));
      const entries = await readManifest(lake, manifest_path);
      for (const { status, data_file } of entries)
        if (status !== entryStatus.deleted) to.add(plainUrl(data_file.file_path));
    }
  }
}
