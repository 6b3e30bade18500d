import { describe, expect, it } from 'vitest';
import { emptyMetadata, type Snapshot, type TableMetadata } from './metadata.ts';
import { withoutSnapshots } from './retention.ts';
import { thinnedAt, thinnedOut, withThinned } from './thinning.ts';

const NOW = 1_800_000_000_000;

/** So many states, one each so many ms, the last of them now. */
function table(count: number, everyMs: number): TableMetadata {
  const snapshots = Array.from({ length: count }, (_, at): Snapshot => ({
    'sequence-number': at + 1,
    'snapshot-id': at + 1,
    'timestamp-ms': NOW - (count - 1 - at) * everyMs,
    'manifest-list': `file:///list-${at}`,
    'schema-id': 0,
    summary: {},
  }));
  const log = snapshots.map((each) => ({ 'timestamp-ms': each['timestamp-ms'], 'snapshot-id': each['snapshot-id'] }));
  return { ...emptyMetadata('file:///t', 'uuid'), snapshots, 'snapshot-log': log, 'current-snapshot-id': count };
}
const thin = (metadata: TableMetadata, pinned: number[] = []) => {
  const gone = thinnedOut(metadata, NOW, new Set(pinned));
  return withThinned(withoutSnapshots(metadata, gone) ?? metadata);
};

describe('the past of a table that changes all the time', () => {
  it('is bounded, however many commits there were: 64 states, one each 15 s of an hour, 10 min of a day, and a day', () => {
    const { snapshots } = thin(table(40_000, 9_000)); // four days
    expect(snapshots.length).toBeLessThanOrEqual(64 + 241 + 145 + 5);
    expect(snapshots.at(-1)?.['snapshot-id']).toBe(40_000);
    expect(thin(table(60, 1_000)).snapshots).toHaveLength(60);
  });

  it('keeps what something names, and all where people said what is kept', () => {
    const metadata = table(1_000, 250);
    expect(thin(metadata, [3]).snapshots.map((each) => each['snapshot-id'])).toContain(3);
    const ruled = { ...metadata, properties: { 'history.expire.max-snapshot-age-ms': '1000' } };
    expect(thinnedOut(ruled, NOW, new Set())).toEqual([]);
  });

  it('answers a time with the kept state before it', () => {
    const metadata = thin(table(1_000, 250));
    const found = thinnedAt(metadata, NOW - 120_000);
    expect(found?.['timestamp-ms']).toBeLessThanOrEqual(NOW - 120_000);
    expect(found?.['timestamp-ms']).toBeGreaterThan(NOW - 120_000 - 15_001);
    expect(thinnedAt(table(1_000, 250), NOW - 120_000)).toBeNull();
    // Thinned again it is what it was.
    expect(thin(metadata).snapshots).toHaveLength(metadata.snapshots.length);
  });
});
