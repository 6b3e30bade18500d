/**
 * Watermarks: up to when the event times of streams are complete.
 *
 * N1  A stream's is the least of its partitions' latest times less `delay`; a partition that was silent for `idle` is not
 *     waited for.
 * N2  It never goes back, whatever comes: what was final stays so.
 */
import type { Watermark } from '@datacraft/shared';
import { lengthOf } from '../../compile/streaming/length.ts';
import type { StreamTimes } from '../../store/stream-memory.ts';

const IDLE_MS = 60_000;

/** The latest event time of each partition among rows that came. */
export type Latest = ReadonlyMap<string, number>;

export function advanced(before: StreamTimes | undefined, came: Latest, spec: Watermark, nowMs: number): StreamTimes {
  const partitions = { ...before?.partitions };
  for (const [partition, latestUs] of came) {
    const known = partitions[partition]?.latestUs ?? latestUs;
    partitions[partition] = { latestUs: Math.max(known, latestUs), seenMs: nowMs };
  }
  const idleMs = spec.idle === undefined ? IDLE_MS : microsOf(spec.idle) / 1_000;
  const heard = Object.values(partitions).filter(({ seenMs }) => nowMs - seenMs < idleMs);
  const least = Math.min(...heard.map(({ latestUs }) => latestUs)) - microsOf(spec.delay);
  return { partitions, watermarkUs: laterOf(before?.watermarkUs ?? null, heard.length === 0 ? null : least) };
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
