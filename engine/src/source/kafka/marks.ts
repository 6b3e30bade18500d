import type { JsonObject } from '@datacraft/shared';

/** The last message that was read of a partition: by it a topic is known again. */
export interface Mark {
  readonly offset: bigint;
  /** Epoch ms, as the broker says it. */
  readonly timestamp: string;
}

export function marksIn(state: JsonObject | null): Map<number, Mark> {
  const stored = state?.['marks'];
  if (typeof stored !== 'object' || stored === null || Array.isArray(stored)) return new Map();
  return new Map(
    Object.entries(stored).flatMap(([partition, text]) => {
      const [, offset = '', timestamp = ''] = /^(\d+)@(-?\d+)$/.exec(String(text)) ?? [];
      return offset === '' ? [] : [[Number(partition), { offset: BigInt(offset), timestamp }] as const];
    }),
  );
}

export function marksOf(marks: ReadonlyMap<number, Mark>): JsonObject {
  return {
    marks: Object.fromEntries(
      [...marks].map(([partition, { offset, timestamp }]) => [String(partition), `${offset}@${timestamp}`]),
    ),
  };
}
