import type { Retention } from '@datacraft/shared';
import { Fault, say } from '@datacraft/shared';
import type { Long } from './long.ts';
import type { Snapshot, TableMetadata } from './metadata.ts';

const DAY_MS = 86_400_000;
/** Iceberg's own properties, so that other engines' maintenance goes by them too. */
const AGE = 'history.expire.max-snapshot-age-ms';
const COUNT = 'history.expire.min-snapshots-to-keep';

export function retentionOf(metadata: TableMetadata): Retention {
  const { [AGE]: age, [COUNT]: count } = metadata.properties;
  return {
    days: age === undefined ? null : Number(age) / DAY_MS,
    snapshots: count === undefined ? null : Number(count),
  };
}

/** The metadata with other rules; null when they are what they were. */
export function withRetention(metadata: TableMetadata, retention: Retention): TableMetadata | null {
  requireWhole(retention);
  const { [AGE]: age, [COUNT]: count, ...others } = metadata.properties;
  const properties: Record<string, string> = {
    ...others,
    ...(retention.days === null ? {} : { [AGE]: String(retention.days * DAY_MS) }),
    ...(retention.snapshots === null ? {} : { [COUNT]: String(retention.snapshots) }),
  };
  return properties[AGE] === age && properties[COUNT] === count ? null : { ...metadata, properties };
}

function requireWhole({ days, snapshots }: Retention): void {
  if (days !== null && !(days > 0 && Number.isFinite(days)))
    throw new Fault('bad-request', say('days expects a number above 0, got {days}', { days }), { field: 'days' });
  if (snapshots !== null && !(Number.isInteger(snapshots) && snapshots >= 1))
    throw new Fault(
      'bad-request',
      say('snapshots expects a whole number of at least 1, got {snapshots}', { snapshots }),
      { field: 'snapshots' },
    );
}

/**
 * The snapshots that nothing keeps: neither the rules, nor a tag or branch, nor being what the table is now, nor
 * `pinned`, ids that something outside of the table refers to.
 */
export function expired(
  metadata: TableMetadata,
  retention: Retention,
  nowMs: number,
  pinned: ReadonlySet<Long>,
): readonly Snapshot[] {
  const { days, snapshots } = retention;
  if (days === null && snapshots === null) return [];
  const named = new Set(Object.values(metadata.refs).map((ref) => ref['snapshot-id']));
  const newestFirst = metadata.snapshots.toSorted((a, b) => b['sequence-number'] - a['sequence-number']);
  return newestFirst.filter((snapshot, at) => {
    const id = snapshot['snapshot-id'];
    if (id === metadata['current-snapshot-id'] || named.has(id) || pinned.has(id)) return false;
    const isYoung = days !== null && snapshot['timestamp-ms'] >= nowMs - days * DAY_MS;
    const isAmongNewest = snapshots !== null && at < snapshots;
    return !isYoung && !isAmongNewest;
  });
}

/** The metadata without these snapshots; null for none. What was at an instant is known only back to the newest that is gone. */
export function withoutSnapshots(metadata: TableMetadata, gone: readonly Snapshot[]): TableMetadata | null {
  if (gone.length === 0) return null;
  const ids = new Set(gone.map((snapshot) => snapshot['snapshot-id']));
  const log = metadata['snapshot-log'];
  const newestGone = log.findLastIndex((entry) => ids.has(entry['snapshot-id']));
  return {
    ...metadata,
    snapshots: metadata.snapshots.filter((snapshot) => !ids.has(snapshot['snapshot-id'])),
    'snapshot-log': log.slice(newestGone + 1),
  };
}
