import { Fault, say } from '@datacraft/shared';
import { type Long, longOfText } from './long.ts';
import type { TableMetadata } from './metadata.ts';
import { snapshotById } from './metadata.ts';

/** Begins with a letter, so that it is neither a snapshot id nor a time. */
const TAG = /^[A-Za-z][A-Za-z0-9._-]{0,62}$/;

export function isTagName(text: string): boolean {
  return TAG.test(text) && text !== 'main';
}

/** Names of a snapshot that keep it: Iceberg's refs of type tag, by name. */
export function tagsOf(metadata: TableMetadata): ReadonlyMap<string, Long> {
  const tags = Object.entries(metadata.refs).filter(([, ref]) => ref.type === 'tag');
  return new Map(tags.map(([name, ref]) => [name, ref['snapshot-id']]));
}

/** The metadata in which `name` means a snapshot; null when it does already. A tag that means another one is moved. */
export function withTag(metadata: TableMetadata, name: string, snapshotId: string): TableMetadata | null {
  if (!isTagName(name)) {
    throw new Fault(
      'bad-request',
      say(
        'a tag is made of letters, digits, ".", "_" and "-", at most 63, beginning with a letter, and not main; got "{name}"',
        { name },
      ),
      { field: 'tag' },
    );
  }
  const known = metadata.refs[name];
  if (known !== undefined && known.type !== 'tag') {
    throw new Fault('bad-request', say('{name} is a branch of this table; choose another name for the tag', { name }), {
      field: 'tag',
    });
  }
  const snapshot = snapshotById(metadata, longOfText(snapshotId));
  if (!snapshot) {
    throw new Fault(
      'not-found',
      say('the table has no snapshot {snapshotId} any more; ask for one of its snapshots', { snapshotId }),
    );
  }
  const id = snapshot['snapshot-id'];
  if (known?.['snapshot-id'] === id) return null;
  return { ...metadata, refs: { ...metadata.refs, [name]: { 'snapshot-id': id, type: 'tag' } } };
}

/** The metadata without a tag. Throws `not-found` when there is none of that name. */
export function withoutTag(metadata: TableMetadata, name: string): TableMetadata {
  const { [name]: gone, ...refs } = metadata.refs;
  if (gone?.type !== 'tag') throw new Fault('not-found', say('the table has no tag {name}', { name }));
  return { ...metadata, refs };
}
