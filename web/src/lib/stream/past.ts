import type { SnapshotSummary } from '@datacraft/shared';

const HOUR_MS = 3_600_000;

/** The commits of the hour before the newest one, oldest first; with `held`, also that one, however old it is by now. */
export function lastHour(newestFirst: readonly SnapshotSummary[], held: string | null): readonly SnapshotSummary[] {
  const newest = newestFirst[0];
  if (newest === undefined) return [];
  const from = Date.parse(newest.committedAt) - HOUR_MS;
  return newestFirst
    .filter(({ committedAt, snapshotId }) => snapshotId === held || Date.parse(committedAt) >= from)
    .toReversed();
}
