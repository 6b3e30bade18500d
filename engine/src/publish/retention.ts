import type { RelationRef, Retention } from '@datacraft/shared';
import { changeMetadata } from '../iceberg/change-metadata.ts';
import { retentionOf, withRetention } from '../iceberg/retention.ts';
import type { RevertDeps } from './revert.ts';

/** Says how much of a table's past is kept; tagged snapshots always are. What it lets go goes with the next maintenance. */
export async function setRetention(ref: RelationRef, retention: Retention, deps: RevertDeps): Promise<Retention> {
  const options = { nowMs: deps.now().getTime() };
  const metadata = await deps.db.transaction((tx) =>
    changeMetadata(tx, deps.lake, ref, (before) => withRetention(before, retention), options),
  );
  return retentionOf(metadata);
}
