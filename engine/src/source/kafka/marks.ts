import type { JsonObject } from '@datacraft/shared';
import type { Lane } from './lanes.ts';

/** The last message that was read of a partition: by it a topic is known again. */
export interface Mark {
  readonly offset: bigint;
  /** Epoch ms, as the broker says it. */
  readonly timestamp: string;
}

export function marksIn(state: JsonObject | null): Map<Lane, Mark> {
  const stored = state?.['marks'];
  if (typeof stored !== 'object' || stored === null || Array.isArray(stored)) return new Map();
  return new Map(
    Object.entries(stored).flatMap(([lane, text]) => {
      const [, offset = '', timestamp = ''] = /^(\d+)@(-?\d+)$/.exec(String(text)) ?? [];
      return offset === '' ? [] : [[lane, { offset: BigInt(offset), timestamp }] as const];
    }),
  );
}

export function marksOf(marks: ReadonlyMap<Lane, Mark>): JsonObject {
  return {
    marks: Object.fromEntries([...marks].map(([lane, { offset, timestamp }]) => [lane, `${offset}@${timestamp}`])),
  };
}
