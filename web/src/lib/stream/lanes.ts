import type { PartitionTimes, StreamDetail, StreamLane } from '@datacraft/shared';
import { laneOf } from './lane-of.ts';

/** All that is known of one partition. */
export interface Lane {
  readonly lane: string;
  readonly taken: StreamLane | null;
  readonly place: { readonly next: string; readonly end: string | null } | null;
  readonly times: PartitionTimes | null;
}

export interface Lanes {
  readonly lanes: readonly Lane[];
  /** What was taken and where it is read are told of these partitions, not only the times in their rows. */
  readonly areTaken: boolean;
}

/** Cells whose rows have times of the partitions of this stream. */
export function timedCells({ cell, progress }: StreamDetail): string[] {
  return Object.entries(progress.cells ?? {}).flatMap(([name, { partitions }]) =>
    partitions?.some(({ stream }) => stream === cell) ? [name] : [],
  );
}

/** `timed`: the cell that its times are told by, if any. */
export function lanesOf({ cell, progress, lanes: taken }: StreamDetail, timed: string | null): Lanes {
  const times = (progress.cells?.[timed ?? '']?.partitions ?? []).filter(({ stream }) => stream === cell);
  const places = new Map(progress.partitions?.map((each) => [laneOf(each), each]));
  const known = new Set([...taken.map(({ lane }) => lane), ...places.keys()]);
  // Events that are pushed lie in one partition, whatever their own rows call theirs.
  const areTaken = times.every(({ lane }) => known.has(lane));
  const names = [...new Set([...(areTaken ? known : []), ...times.map(({ lane }) => lane)])];
  const lanes = names.map((lane) => ({
    lane,
    taken: (areTaken && taken.find((each) => each.lane === lane)) || null,
    place: (areTaken && places.get(lane)) || null,
    times: times.find((each) => each.lane === lane) ?? null,
  }));
  return { lanes: lanes.toSorted((a, b) => a.lane.localeCompare(b.lane, 'en', { numeric: true })), areTaken };
}
