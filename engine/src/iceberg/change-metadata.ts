import type { RelationRef } from '@datacraft/shared';
import { Fault, relationName, say } from '@datacraft/shared';
import type { Lake } from '../lake/lake.ts';
import { metadataLocationsOf } from './catalog.ts';
import { chanceOf, type CommitOptions, swap } from './commit.ts';
import { readMetadata } from './file-cache.ts';
import { exactJson } from './long.ts';
import { lockTables } from './lock.ts';
import type { TableMetadata } from './metadata.ts';
import { withLog } from './next-metadata.ts';
import type { Queryable } from './table.ts';

/**
 * Changes what a table's metadata says without changing its rows, in the caller's transaction: tags, and which snapshots
 * are kept. `change` answers null when there is nothing to do; the metadata then stays as it is.
 */
export async function changeMetadata(
  client: Queryable,
  lake: Lake,
  ref: RelationRef,
  change: (metadata: TableMetadata) => TableMetadata | null,
  options: Omit<CommitOptions, 'summary'>,
): Promise<TableMetadata> {
  await lockTables(client, [ref]);
  const location = (await metadataLocationsOf(client, [ref])).get(relationName(ref));
  if (location === undefined)
    throw new Fault('not-found', say('there is no table {table}', { table: relationName(ref) }));
  const before = await readMetadata(lake, location);
  const changed = change(before);
  if (changed === null) return before;
  const chance = chanceOf({ ...options, summary: {} });
  const next = withLog(changed, Math.max(options.nowMs, before['last-updated-ms'] + 1), {
    'timestamp-ms': before['last-updated-ms'],
    'metadata-file': location,
  });
  const version = String(before['last-sequence-number']).padStart(5, '0');
  const url = `${before.location}/metadata/${version}-${chance.newUuid()}.metadata.json`;
  await lake.writeAll([{ url, bytes: Buffer.from(exactJson(next)) }]);
  await swap(client, { ref, previousLocation: location, metadataLocation: url });
  return next;
}
