import { Fault, relationName, say, type RelationRef, type Words } from '@datacraft/shared';
import type { Lake } from '../lake/lake.ts';
import { metadataLocationsOf } from './catalog.ts';
import { readManifest, readManifestList, readMetadata } from './file-cache.ts';
import { longOfText } from './long.ts';
import { entryStatus, inheritSequence, type ManifestEntry, type ManifestFile } from './manifest.ts';
import { NO_SNAPSHOT, currentSnapshot, schemaOf, snapshotById, type Snapshot, type TableMetadata } from './metadata.ts';
import type { LoadedTable, Queryable } from './table.ts';
import { tagsOf } from './tag.ts';
import { thinnedAt } from './thinning.ts';
import { columnsOf } from './type-map.ts';
import { isUniform } from './uniform.ts';

/** Which state of a table: of this snapshot, of the one with this tag, or as it was at an instant. */
export type AsOf = { readonly snapshotId: string } | { readonly tag: string } | { readonly timestampMs: number };

/** The table as it is now (columns that were changed since its snapshot too) or was then. Null when there is no such table; `not-found` when it has no such state. */
export async function loadTable(
  client: Queryable,
  lake: Lake,
  ref: RelationRef,
  asOf?: AsOf,
): Promise<LoadedTable | null> {
  const metadataLocation = (await metadataLocationsOf(client, [ref])).get(relationName(ref));
  if (metadataLocation === undefined) return null;
  const metadata = await readMetadata(lake, metadataLocation);
  const snapshot = chooseSnapshot(metadata, ref, asOf);
  const schemaId = asOf === undefined ? metadata['current-schema-id'] : snapshot?.['schema-id'];
  return loadSnapshot(lake, { ref, metadataLocation, metadata, schemaId }, snapshot);
}

export interface SnapshotSummary {
  readonly snapshotId: string;
  readonly parentId: string | null;
  readonly committedAtMs: number;
  readonly operation: string;
  readonly rows: number;
  readonly addedRows: number;
  readonly deletedRows: number;
  readonly isCurrent: boolean;
  readonly tags: readonly string[];
  readonly summary: Readonly<Record<string, string>>;
}

/** The states of a table, newest first. */
export function snapshotsOf(table: LoadedTable): readonly SnapshotSummary[] {
  const current = table.metadata['current-snapshot-id'];
  const tags = [...tagsOf(table.metadata)];
  return table.metadata.snapshots.toReversed().map((snapshot) => ({
    snapshotId: String(snapshot['snapshot-id']),
    parentId: snapshot['parent-snapshot-id'] === undefined ? null : String(snapshot['parent-snapshot-id']),
    committedAtMs: snapshot['timestamp-ms'],
    operation: snapshot.summary['operation'] ?? 'unknown',
    rows: countIn(snapshot, 'total-records'),
    addedRows: countIn(snapshot, 'added-records'),
    deletedRows: countIn(snapshot, 'deleted-records'),
    isCurrent: snapshot['snapshot-id'] === current,
    tags: tags.flatMap(([name, id]) => (id === snapshot['snapshot-id'] ? [name] : [])),
    summary: snapshot.summary,
  }));
}

export function countIn(snapshot: Snapshot | null, key: string): number {
  return Number(snapshot?.summary[key] ?? 0);
}

function chooseSnapshot(metadata: TableMetadata, ref: RelationRef, asOf: AsOf | undefined): Snapshot | null {
  if (asOf === undefined) return currentSnapshot(metadata);
  if ('tag' in asOf) {
    const found = snapshotById(metadata, tagsOf(metadata).get(asOf.tag) ?? NO_SNAPSHOT);
    if (found) return found;
    throw new Fault('not-found', noTag(metadata, relationName(ref), asOf.tag));
  }
  if ('snapshotId' in asOf) {
    const found = snapshotById(metadata, longOfText(asOf.snapshotId));
    if (found) return found;
    throw new Fault(
      'not-found',
      say('{table} has no snapshot {snapshotId}; ask for one of its snapshots', {
        table: relationName(ref),
        snapshotId: asOf.snapshotId,
      }),
    );
  }
  const then = metadata['snapshot-log'].findLast((entry) => entry['timestamp-ms'] <= asOf.timestampMs);
  const found = (then && snapshotById(metadata, then['snapshot-id'])) ?? thinnedAt(metadata, asOf.timestampMs);
  if (found) return found;
  const first = metadata['snapshot-log'][0]?.['timestamp-ms'];
  throw new Fault(
    'not-found',
    say('no state of {table} at {at} is kept; its first is of {first}', {
      table: relationName(ref),
      at: isoOf(asOf.timestampMs),
      first: first === undefined ? say('never') : isoOf(first),
    }),
  );
}

function noTag(metadata: TableMetadata, table: string, tag: string): Words {
  const names = [...tagsOf(metadata).keys()].join(', ');
  return names === ''
    ? say('{table} has no tag {tag}; it has none', { table, tag })
    : say('{table} has no tag {tag}; it has {names}', { table, tag, names });
}

function isoOf(ms: number): string {
  return new Date(ms).toISOString();
}

async function loadSnapshot(
  lake: Lake,
  table: Pick<LoadedTable, 'ref' | 'metadataLocation' | 'metadata'> & { readonly schemaId: number | undefined },
  snapshot: Snapshot | null,
): Promise<LoadedTable> {
  const { ref, metadataLocation, metadata } = table;
  const { fields } = schemaOf(metadata, table.schemaId);
  const entries = await liveEntries(lake, snapshot);
  return {
    ref,
    location: metadata.location,
    metadataLocation,
    snapshotId: String(snapshot?.['snapshot-id'] ?? NO_SNAPSHOT),
    columns: columnsOf(fields),
    fields,
    files: entries.map((entry) => lake.pathOf(entry.data_file.file_path)),
    uniform: isUniform(snapshot, table.schemaId),
    rows: sumOf(entries, (entry) => entry.data_file.record_count),
    sizeBytes: sumOf(entries, (entry) => entry.data_file.file_size_in_bytes),
    committedAtMs: snapshot?.['timestamp-ms'] ?? metadata['last-updated-ms'],
    summary: snapshot?.summary ?? {},
    metadata,
  };
}

function sumOf<Item>(items: readonly Item[], figure: (item: Item) => number): number {
  return items.reduce((sum, item) => sum + figure(item), 0);
}

/** The data files of a snapshot, oldest manifest first, with their sequence numbers. */
export async function liveEntries(lake: Lake, snapshot: Snapshot | null): Promise<readonly ManifestEntry[]> {
  return snapshot === null ? [] : liveOf(await listedManifests(lake, snapshot));
}

/** A manifest with those of its data files that are there. */
export interface ListedManifest {
  readonly manifest: ManifestFile;
  readonly live: readonly ManifestEntry[];
}

export function liveOf(listed: readonly ListedManifest[]): readonly ManifestEntry[] {
  return listed.toReversed().flatMap(({ live }) => live);
}

/** Newest first, as the snapshot lists them. */
export async function listedManifests(lake: Lake, snapshot: Snapshot): Promise<readonly ListedManifest[]> {
  const manifests = await readManifestList(lake, snapshot['manifest-list']);
  if (manifests.some((manifest) => manifest.content !== 0)) {
    throw new Fault(
      'unsupported',
      'the table has delete files, written by another engine; let that engine compact it first',
    );
  }
  return Promise.all(
    manifests.map(async (manifest) => {
      const entries = inheritSequence(await readManifest(lake, manifest.manifest_path), manifest);
      return { manifest, live: entries.filter((entry) => entry.status !== entryStatus.deleted) };
    }),
  );
}
