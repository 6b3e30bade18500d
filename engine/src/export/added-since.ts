import type { RelationRef } from '@datacraft/shared';
import { readManifest, readManifestList } from '../iceberg/file-cache.ts';
import { loadTable } from '../iceberg/load-table.ts';
import { longOfText } from '../iceberg/long.ts';
import { entryStatus } from '../iceberg/manifest.ts';
import type { Snapshot, TableMetadata } from '../iceberg/metadata.ts';
import { snapshotById } from '../iceberg/metadata.ts';
import { scanOf } from '../iceberg/scan.ts';
import type { Lake } from '../lake/lake.ts';
import type { Queryable } from '../store/database.ts';

/**
 * The rows that came between two snapshots of a table to which rows were only added, from the files that brought them.
 * Null when something else happened, or when it is not known any more: the two states have to be compared.
 */
export async function addedSince(
  ref: RelationRef,
  { now, since }: { readonly now: string; readonly since: string },
  { db, lake }: { readonly db: Queryable; readonly lake: Lake },
): Promise<{ readonly scan: string; readonly files: readonly string[] } | null> {
  const table = await loadTable(db, lake, ref, { snapshotId: now });
  if (!table) return null;
  const between = snapshotsBetween(table.metadata, now, since);
  if (between === null) return null;
  const files: string[] = [];
  for (const snapshot of between) files.push(...(await filesOf(snapshot, lake)));
  return { files, scan: scanOf({ fields: table.fields, files, uniform: false }) };
}

/** Oldest first, those that rewrote files without changing rows left out. Null when one did anything else. */
function snapshotsBetween(metadata: TableMetadata, now: string, since: string): Snapshot[] | null {
  const last = longOfText(since);
  const found: Snapshot[] = [];
  let snapshot = snapshotById(metadata, longOfText(now));
  while (snapshot !== null && snapshot['snapshot-id'] !== last) {
    const { operation } = snapshot.summary;
    if (operation !== 'append' && operation !== 'replace') return null;
    if (operation === 'append') found.unshift(snapshot);
    snapshot = snapshotById(metadata, snapshot['parent-snapshot-id'] ?? null);
  }
  return snapshot === null ? null : found;
}

async function filesOf(snapshot: Snapshot, lake: Lake): Promise<string[]> {
  const manifests = await readManifestList(lake, snapshot['manifest-list']);
  const own = manifests.filter((manifest) => manifest.added_snapshot_id === snapshot['snapshot-id']);
  const entries = (await Promise.all(own.map((manifest) => readManifest(lake, manifest.manifest_path)))).flat();
  const added = entries.filter(({ status }) => status === entryStatus.added);
  return added.map((entry) => lake.pathOf(entry.data_file.file_path));
}
