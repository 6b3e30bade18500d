import type { StreamingFigures } from '@datacraft/shared';
import type { StreamMemory } from '../../store/stream-memory.ts';

/** What people see of a cell that is made of a stream. */
export function figuresOf({ times, boundUs, stateRows, late }: StreamMemory): StreamingFigures {
  const marks = Object.values(times).map(({ watermarkUs }) => watermarkUs);
  const known = marks.filter((mark) => mark !== null);
  const least = known.length === 0 || known.length < marks.length ? null : Math.min(...known);
  return { watermark: timeOf(least), bound: timeOf(boundUs), stateRows, late };
}

function timeOf(us: number | null): string | null {
  const date = us === null ? null : new Date(us / 1_000);
  return date === null || Number.isNaN(date.getTime()) ? null : date.toISOString();
}
