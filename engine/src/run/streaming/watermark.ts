/**
 * Watermarks: up to when the event times of streams are complete.
 *
 * N1  A stream's is the least of its partitions' latest times less `delay`; a partition that was silent for `idle` is not
 *     waited for.
 * N2  It never goes back, whatever comes: what was final stays so.
 */
import type { Watermark } from '@datacraft/shared';
import { lengthOf } from '../../compile/streaming/length.ts';
import type { PartitionMemory, StreamTimes } from '../../store/stream-memory.ts';

const IDLE_MS = 60_000;

/** Of each partition among rows that came: the latest event time, and how many were late. */
export type Came = ReadonlyMap<string, { readonly latestUs: number | null; readonly late: number }>;

export function advanced(before: StreamTimes | undefined, came: Came, spec: Watermark, nowMs: number): StreamTimes {
  const idleMs = spec.idle === undefined ? IDLE_MS : microsOf(spec.idle) / 1_000;
  const names = new Set([...Object.keys(before?.partitions ?? {}), ...came.keys()]);
  const partitions = Object.fromEntries(
    [...names].map((name) => {
      const known = heardOf(before?.partitions[name], came.get(name), nowMs);
      return [name, { ...known, isIdle: nowMs - known.seenMs >= idleMs }];
    }),
  );
  const heard = Object.values(partitions).flatMap(({ isIdle, latestUs }) =>
    isIdle || latestUs === null ? [] : latestUs,
  );
  const least = Math.min(...heard) - microsOf(spec.delay);
  return { partitions, watermarkUs: laterOf(before?.watermarkUs ?? null, heard.length === 0 ? null : least) };
}

function heardOf(
  before: PartitionMemory | undefined,
  came: { readonly latestUs: number | null; readonly late: number } | undefined,
  nowMs: number,
): PartitionMemory {
  const latestUs = laterOf(before?.latestUs ?? null, came?.latestUs ?? null);
  const late = before === undefined ? 0 : before.late;
  return {
    latestUs,
    // Rows without a time are no sign that times go on.
    seenMs: came === undefined || (came.latestUs === null && before !== undefined) ? (before?.seenMs ?? nowMs) : nowMs,
    ...(late === undefined ? {} : { late: late + (came?.late ?? 0) }),
  };
}

/** Before which rows are late: by `lateness` behind the slowest stream. */
export function boundOf(
  times: readonly StreamTimes[],
  lateness: string | undefined,
  before: number | null,
): number | null {
  const marks = times.map(({ watermarkUs }) => watermarkUs);
  if (marks.some((mark) => mark === null)) return before;
  const least = Math.min(...marks.map(Number)) - (lateness === undefined ? 0 : microsOf(lateness));
  return laterOf(before, Number.isFinite(least) ? least : null);
}

function laterOf(a: number | null, b: number | null): number | null {
  return a === null || b === null ? (a ?? b) : Math.max(a, b);
}

/** Of a length that the format has let through. */
function microsOf(text: string): number {
  return lengthOf(text)?.most ?? 0;
}
