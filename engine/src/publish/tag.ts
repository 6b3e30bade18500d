import type { RelationRef } from '@datacraft/shared';
import { changeMetadata } from '../iceberg/change-metadata.ts';
import { withoutTag, withTag } from '../iceberg/tag.ts';
import type { RevertDeps } from './revert.ts';

/** Gives a snapshot a name that keeps it; a name that another snapshot of the table has moves to this one. */
export async function tagSnapshot(ref: RelationRef, tag: string, snapshotId: string, deps: RevertDeps): Promise<void> {
  const options = { nowMs: deps.now().getTime() };
  await deps.db.transaction((tx) =>
    changeMetadata(tx, deps.lake, ref, (metadata) => withTag(metadata, tag, snapshotId), options),
  );
}

/** Takes a name away; its snapshot is then kept no longer than the others. */
export async function removeTag(ref: RelationRef, tag: string, deps: RevertDeps): Promise<void> {
  const options = { nowMs: deps.now().getTime() };
  await deps.db.transaction((tx) =>
    changeMetadata(tx, deps.lake, ref, (metadata) => withoutTag(metadata, tag), options),
  );
}
