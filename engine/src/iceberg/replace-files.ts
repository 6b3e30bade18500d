import { relationName } from '@datacraft/shared';
import type { Lake } from '../lake/lake.ts';
import { freshSnapshotId } from './build-commit.ts';
import { metadataLocationsOf } from './catalog.ts';
import { chanceOf, type CommitOptions, swap } from './commit.ts';
import { readMetadata, rememberManifests } from './file-cache.ts';
import { countIn, listedManifests, liveOf } from './load-table.ts';
import { exactJson } from './long.ts';
import { lockTables } from './lock.ts';
import { encodeManifestList, type ManifestEntry } from './manifest.ts';
import { currentSnapshot, type Snapshot } from './metadata.ts';
import { withSnapshot } from './next-metadata.ts';
import { addedEntries, nextManifests, type Writing } from './next-manifests.ts';
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
  const found = liveOf(lists).filter((entry) => replaced.has(entry.data_file.file_path));
  if (found.length !== replaced.size) return null;

  const chance = chanceOf({ ...options, summary: {} });
  const writing: Writing = {
    metadata: before,
    id: freshSnapshotId(before, chance.newSnapshotId),
    sequenceNumber: before['last-sequence-number'] + 1,
    chance,
  };
  const { manifests, written } = nextManifests(writing, addedEntries(writing, staged), lists, replaced);
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
    ...written,
    { url: list, bytes: encodeManifestList(manifests, ids, chance.newSync()) },
    { url: next, bytes: Buffer.from(exactJson(metadata)) },
  ]);
  rememberManifests(lake, written);
  await swap(client, { ref: staged.ref, previousLocation: location, metadataLocation: next });
  return {
    ref: staged.ref,
    snapshotId: String(writing.id),
    metadataLocation: next,
    rows: countIn(parent, 'total-records'),
  };
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
