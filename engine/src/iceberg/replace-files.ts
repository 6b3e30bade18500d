import { relationName } from '@datacraft/shared';
import type { Lake } from '../lake/lake.ts';
import { bySpec, deletedEntry, freshSnapshotId, hasLiveFiles, writeManifest, type Writing } from './build-commit.ts';
import { metadataLocationsOf } from './catalog.ts';
import { chanceOf, type CommitOptions, swap } from './commit.ts';
import { readManifest, readManifestList, readMetadata } from './file-cache.ts';
import { countIn } from './load-table.ts';
import { exactJson } from './long.ts';
import { lockTables } from './lock.ts';
import {
  addedEntry,
  encodeManifestList,
  entryStatus,
  inheritSequence,
  type ManifestEntry,
  type ManifestFile,
} from './manifest.ts';
import { avroName } from './manifest-schema.ts';
import { currentSnapshot, type Snapshot, specOf } from './metadata.ts';
import { withSnapshot } from './next-metadata.ts';
import type { CommittedTable, Queryable, StagedTable } from './table.ts';
import { staysUniform, UNIFORM, uniformMark } from './uniform.ts';

/**
 * Puts staged files in the place of some of a table's files that hold the same rows, in the caller's transaction.
 * Null, and nothing done, when the table has not all of those files any more or has other columns: somebody published
 * meanwhile.
 */
export async function replaceFiles(
  client: Queryable,
  lake: Lake,
  staged: StagedTable,
  replaced: ReadonlySet<string>,
  options: Omit<CommitOptions, 'summary'>,
): Promise<CommittedTable | null> {
  await lockTables(client, [staged.ref]);
  const location = (await metadataLocationsOf(client, [staged.ref])).get(relationName(staged.ref));
  if (location === undefined) return null;
  const before = await readMetadata(lake, location);
  const parent = currentSnapshot(before);
  if (parent === null || staged.location !== before.location || staged.baseColumnId !== before['last-column-id'])
    return null;
  const lists = await listedManifests(lake, parent);
  const found = lists.flatMap(({ live }) => live).filter((entry) => replaced.has(entry.data_file.file_path));
  if (found.length !== replaced.size) return null;

  const chance = chanceOf({ ...options, summary: {} });
  const writing: Writing = {
    metadata: before,
    id: freshSnapshotId(before, chance.newSnapshotId),
    sequenceNumber: before['last-sequence-number'] + 1,
    chance,
  };
  const { manifests, files } = nextManifests(writing, staged, lists, replaced);
  const list = `${before.location}/metadata/snap-${writing.id}-1-${chance.newUuid()}.avro`;
  const ids = { id: writing.id, parentId: parent['snapshot-id'], sequenceNumber: writing.sequenceNumber };
  const metadata = withSnapshot(
    before,
    {
      'sequence-number': writing.sequenceNumber,
      'snapshot-id': writing.id,
      'parent-snapshot-id': parent['snapshot-id'],
      'timestamp-ms': Math.max(options.nowMs, before['last-updated-ms'] + 1),
      'manifest-list': list,
      summary: summaryOf(staged, parent, found, uniformMark(staged.uniform && staysUniform(parent, before))),
    },
    location,
  );
  const next = `${before.location}/metadata/${String(writing.sequenceNumber - 1).padStart(5, '0')}-${chance.newUuid()}.metadata.json`;
  await lake.durable(staged.dataFiles.map((file) => file.url));
  await lake.writeAll([
    ...files,
    { url: list, bytes: encodeManifestList(manifests, ids, chance.newSync()) },
    { url: next, bytes: Buffer.from(exactJson(metadata)) },
  ]);
  await swap(client, { ref: staged.ref, previousLocation: location, metadataLocation: next });
  return {
    ref: staged.ref,
    snapshotId: String(writing.id),
    metadataLocation: next,
    rows: countIn(parent, 'total-records'),
  };
}

interface Listed {
  readonly manifest: ManifestFile;
  readonly live: readonly ManifestEntry[];
}

async function listedManifests(lake: Lake, snapshot: Snapshot): Promise<Listed[]> {
  const manifests = await readManifestList(lake, snapshot['manifest-list']);
  return Promise.all(
    manifests.map(async (manifest) => {
      const entries = inheritSequence(await readManifest(lake, manifest.manifest_path), manifest);
      return { manifest, live: entries.filter((entry) => entry.status !== entryStatus.deleted) };
    }),
  );
}

/** Manifests without a replaced file stay; the entries of the others are written anew, beside the added files. */
function nextManifests(
  writing: Writing,
  staged: StagedTable,
  lists: readonly Listed[],
  replaced: ReadonlySet<string>,
): { manifests: ManifestFile[]; files: { url: string; bytes: Buffer }[] } {
  const isReplaced = (entry: ManifestEntry) => replaced.has(entry.data_file.file_path);
  const touched = lists.filter(({ live }) => live.some(isReplaced));
  const kept = lists
    .filter((one) => !touched.includes(one) && hasLiveFiles(one.manifest))
    .map(({ manifest }) => manifest);
  const spec = specOf(writing.metadata);
  const names = spec.fields.map((field) => avroName(field.name));
  const added = staged.dataFiles.map((file) => addedEntry(file, writing.id, spec, names));
  const old = touched.flatMap(({ live }) =>
    live.map((entry) =>
      isReplaced(entry) ? deletedEntry(entry, writing.id) : { ...entry, status: entryStatus.existing },
    ),
  );
  const written = [added, ...bySpec(old)]
    .filter((entries) => entries.length > 0)
    .map((entries) => writeManifest(writing, entries));
  return { manifests: [...written.map((one) => one.manifest), ...kept], files: written.map((one) => one.file) };
}

/** The rows are those of the parent, and so is what is known of where they come from. */
function summaryOf(
  staged: StagedTable,
  parent: Snapshot,
  gone: readonly ManifestEntry[],
  mark: Readonly<Record<string, string>>,
): Record<string, string> {
  const sum = (figure: (entry: ManifestEntry) => number) => gone.reduce((all, entry) => all + figure(entry), 0);
  const goneBytes = sum((entry) => entry.data_file.file_size_in_bytes);
  const origin = Object.entries(parent.summary).filter(([key]) => key.startsWith('datacraft.') && key !== UNIFORM);
  const totals = Object.entries(parent.summary).filter(([key]) => key.startsWith('total-'));
  return {
    operation: 'replace',
    ...Object.fromEntries([...origin, ...totals]),
    ...mark,
    'added-data-files': String(staged.dataFiles.length),
    'added-records': String(staged.rows),
    'added-files-size': String(staged.sizeBytes),
    'deleted-data-files': String(gone.length),
    'deleted-records': String(sum((entry) => entry.data_file.record_count)),
    'removed-files-size': String(goneBytes),
    'total-data-files': String(countIn(parent, 'total-data-files') + staged.dataFiles.length - gone.length),
    'total-files-size': String(countIn(parent, 'total-files-size') + staged.sizeBytes - goneBytes),
  };
}
