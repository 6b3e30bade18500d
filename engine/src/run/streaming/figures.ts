import type { PartitionTimes, StreamingFigures } from '@datacraft/shared';
import type { StreamMemory, StreamTimes } from '../../store/stream-memory.ts';

/** What people see of a cell that is made of a stream. */
export function figuresOf({ times, boundUs, stateRows, late }: StreamMemory): StreamingFigures {
  const marks = Object.values(times).map(({ watermarkUs }) => watermarkUs);
  const known = marks.filter((mark) => mark !== null);
  const least = known.length === 0 || known.length < marks.length ? null : Math.min(...known);
  return { watermark: timeOf(least), bound: timeOf(boundUs), stateRows, late, partitions: partitionsOf(times, least) };
}

function partitionsOf(times: StreamMemory['times'], leastUs: number | null): PartitionTimes[] {
  const all = Object.entries(times).flatMap(([stream, own]) => {
    const slowest = slowestOf(own);
    return Object.entries(own.partitions).map(([lane, { latestUs, seenMs, isIdle = false, late }]) => ({
      stream,
      lane,
      latest: timeOf(latestUs),
      seenAt: new Date(seenMs).toISOString(),
      isIdle,
      holdsBack: !isIdle && latestUs !== null && latestUs === slowest && own.watermarkUs === leastUs,
      late: late ?? null,
    }));
  });
  // One alone waits for nobody.
  return all.length > 1 ? all : all.map((each) => ({ ...each, holdsBack: false }));
}

/** The least of what is waited for. */
function slowestOf({ partitions }: StreamTimes): number | null {
  const heard = Object.values(partitions).flatMap(({ isIdle, latestUs }) =>
    isIdle === true || latestUs === null ? [] : latestUs,
  );
  return heard.length === 0 ? null : Math.min(...heard);
}

function timeOf(us: number | null): string | null {
  const date = us === null ? null : new Date(us / 1_000);
  return date === null || Number.isNaN(date.getTime()) ? null : date.toISOString();
}
