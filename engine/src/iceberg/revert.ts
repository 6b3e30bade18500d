import { Fault, relationName, say, type RelationRef } from '@datacraft/shared';
import type { Lake } from '../lake/lake.ts';
import { chanceOf, type CommitOptions, swap } from './commit.ts';
import { metadataLocationsOf } from './catalog.ts';
import { readManifestList, readMetadata } from './file-cache.ts';
import { countIn } from './load-table.ts';
import { exactJson, longOfText } from './long.ts';
import { lockTables } from './lock.ts';
import { encodeManifestList } from './manifest.ts';
import { currentSnapshot, type Snapshot, snapshotById } from './metadata.ts';
import { withSnapshot } from './next-metadata.ts';
import type { CommittedTable, Queryable } from './table.ts';
import { isUniform, uniformMark } from './uniform.ts';

/**
 * Makes an earlier state of a table its next one, in the caller's transaction: a new snapshot of the same data files,
 * so that nothing that was published is lost. Throws `not-found` when the table or its snapshot is not there.
 */
export async function revertTable(
  client: Queryable,
  lake: Lake,
  ref: RelationRef,
  snapshotId: string,
  options: Omit<CommitOptions, 'summary'> & { readonly summary: Readonly<Record<string, string>> },
): Promise<CommittedTable> {
  await lockTables(client, [ref]);
  const location = (await metadataLocationsOf(client, [ref])).get(relationName(ref));
  if (location === undefined)
    throw new Fault('not-found', say('there is no table {table}', { table: relationName(ref) }));
  const before = await readMetadata(lake, location);
  const target = snapshotById(before, longOfText(snapshotId));
  if (!target)
    throw new Fault(
      'not-found',
      say('{table} has no snapshot {snapshotId}; ask for one of its snapshots', {
        table: relationName(ref),
        snapshotId,
      }),
    );
  const chance = chanceOf({ ...options, summary: {} });
  const id = chance.newSnapshotId();
  const sequenceNumber = before['last-sequence-number'] + 1;
  const parent = currentSnapshot(before);
  const manifests = await readManifestList(lake, target['manifest-list']);
  const list = `${before.location}/metadata/snap-${id}-1-${chance.newUuid()}.avro`;
  const metadata = withSnapshot(
    { ...before, 'current-schema-id': target['schema-id'] },
    {
      'sequence-number': sequenceNumber,
      'snapshot-id': id,
      ...(parent ? { 'parent-snapshot-id': parent['snapshot-id'] } : {}),
      'timestamp-ms': Math.max(options.nowMs, before['last-updated-ms'] + 1),
      'manifest-list': list,
      summary: { ...options.summary, 'datacraft.reverted-to': snapshotId, ...figures(parent, target) },
    },
    location,
  );
  const next = `${before.location}/metadata/${String(sequenceNumber - 1).padStart(5, '0')}-${chance.newUuid()}.metadata.json`;
  await lake.writeAll([
    {
      url: list,
      bytes: encodeManifestList(
        manifests,
        { id, parentId: parent?.['snapshot-id'] ?? null, sequenceNumber },
        chance.newSync(),
      ),
    },
    { url: next, bytes: Buffer.from(exactJson(metadata)) },
  ]);
  await swap(client, { ref, previousLocation: location, metadataLocation: next });
  return { ref, snapshotId: String(id), metadataLocation: next, rows: countIn(target, 'total-records') };
}

function figures(parent: Snapshot | null, target: Snapshot): Record<string, string> {
  const totals = Object.entries(target.summary).filter(([key]) => key.startsWith('total-'));
  return {
    operation: 'overwrite',
    'added-records': String(countIn(target, 'total-records')),
    'deleted-records': String(countIn(parent, 'total-records')),
    'added-data-files': String(countIn(target, 'total-data-files')),
    'deleted-data-files': String(countIn(parent, 'total-data-files')),
    ...uniformMark(isUniform(target, target['schema-id'])),
    ...Object.fromEntries(totals),
  };
}
