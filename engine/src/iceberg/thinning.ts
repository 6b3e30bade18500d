/**
 * Which states of a table that changes all the time are kept, where nobody said how much of its past is: so many that
 * what every commit writes stays small, however long it goes on.
 */
import type { Long } from './long.ts';
import type { Snapshot, TableMetadata } from './metadata.ts';
import { retentionOf } from './retention.ts';

const NEWEST = 64;
const [SECOND_MS, HOUR_MS] = [1_000, 3_600_000];
/** Up to which age one state is kept of each span of time; older than all of them, one a day. */
const STEPS = [
  { ageMs: HOUR_MS, everyMs: 15 * SECOND_MS },
  { ageMs: 24 * HOUR_MS, everyMs: 600 * SECOND_MS },
] as const;
const DAY_MS = 24 * HOUR_MS;
/** Says that a time between two kept states means the one before it. */
const MARK = 'datacraft.states';

/** The snapshots that go: none where people said what is kept, and never one that something names. */
export function thinnedOut(metadata: TableMetadata, nowMs: number, pinned: ReadonlySet<Long>): readonly Snapshot[] {
  const { days, snapshots } = retentionOf(metadata);
  if (days !== null || snapshots !== null) return [];
  const named = new Set(Object.values(metadata.refs).map((ref) => ref['snapshot-id']));
  const seen = new Set<string>();
  const newestFirst = metadata.snapshots.toSorted((a, b) => b['sequence-number'] - a['sequence-number']);
  return newestFirst.filter((snapshot, at) => {
    const id = snapshot['snapshot-id'];
    const slot = slotOf(snapshot['timestamp-ms'], nowMs);
    const isLastOfSlot = !seen.has(slot);
    seen.add(slot);
    if (at < NEWEST || isLastOfSlot) return false;
    return id !== metadata['current-snapshot-id'] && !named.has(id) && !pinned.has(id);
  });
}

function slotOf(timestampMs: number, nowMs: number): string {
  const everyMs = STEPS.find(({ ageMs }) => nowMs - timestampMs <= ageMs)?.everyMs ?? DAY_MS;
  return `${everyMs} ${Math.floor(timestampMs / everyMs)}`;
}

export function withThinned(metadata: TableMetadata): TableMetadata {
  return { ...metadata, properties: { ...metadata.properties, [MARK]: 'thinned' } };
}

/** The newest kept state at or before an instant, of a table whose states between are gone. */
export function thinnedAt(metadata: TableMetadata, timestampMs: number): Snapshot | null {
  if (metadata.properties[MARK] !== 'thinned') return null;
  return metadata.snapshots.findLast((snapshot) => snapshot['timestamp-ms'] <= timestampMs) ?? null;
}
