import type { RelationRef } from '@datacraft/shared';
import { type Lake, plainUrl } from '../lake/lake.ts';
import { CATALOG_NAME, listTables } from './catalog.ts';
import { readManifest, readManifestList, readMetadata } from './file-cache.ts';
import { lockTables } from './lock.ts';
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
  /**
   * Files younger than this stay: a run that is not published yet has its files here and no table names them. It must
   * be longer than the longest run.
   */
  readonly olderThanMs: number;
}

/** Removes what no snapshot of any table names: leavings of rolled-back or killed runs, and of dropped tables. */
export async function sweepOrphans(
  client: Queryable,
  lake: Lake,
  options: SweepOptions,
): Promise<{ readonly files: number; readonly sizeBytes: number }> {
  const listed = await lake.list();
  const live = await liveUrls(client, lake);
  const orphans = listed.filter((file) => !live.has(file.url) && file.modifiedMs < options.nowMs - options.olderThanMs);
  for (const file of orphans) await lake.remove(file.url);
  return { files: orphans.length, sizeBytes: orphans.reduce((sum, file) => sum + file.sizeBytes, 0) };
}

/** Everything a table names, of any of its snapshots, in our spelling. Read after the listing, so that nothing published between is missed. */
async function liveUrls(client: Queryable, lake: Lake): Promise<Set<string>> {
  const live = new Set<string>();
  const keep = (url: string): void => void live.add(plainUrl(url));
  for (const { metadataLocation } of await listTables(client)) {
    const metadata = await readMetadata(lake, metadataLocation);
    keep(metadataLocation);
    for (const entry of metadata['metadata-log']) keep(entry['metadata-file']);
    for (const snapshot of metadata.snapshots) {
      keep(snapshot['manifest-list']);
      for (const manifest of await readManifestList(lake, snapshot['manifest-list'])) {
        if (live.has(plainUrl(manifest.manifest_path))) continue;
        keep(manifest.manifest_path);
        const entries = await readManifest(lake, manifest.manifest_path);
        for (const entry of entries) keep(entry.data_file.file_path);
      }
    }
  }
  return live;
}
