import { z } from 'zod';
import { say } from '../../said/said.ts';
import type { Json, JsonObject } from '../../json.ts';
import type { ConfigIssue } from './issue.ts';
import { lengthMs, SHORTEST_MS } from './length.ts';

/** How often a cell's task is tried and how long it may take. What is left out is as the schedule or the server has it. */
export interface LimitsSpec {
  readonly retries?: {
    /** With the first one. */
    readonly max_attempts?: number;
    /** How long is waited before the second attempt at most; doubled with each further one. */
    readonly backoff?: string;
    /** No wait is longer. */
    readonly cap?: string;
  };
  /** One attempt over it is stopped and counts as failed; the next one may do better. */
  readonly attempt_timeout?: string;
  /** All attempts together, with the waits between. */
  readonly total_timeout?: string;
}

const length = z
  .string()
  .refine(
    (text) => lengthMs(text) >= SHORTEST_MS,
    'expected a length of at least a second, such as 10 seconds or 2 hours',
  );
const attempts = z.int().min(1, 'expected 1 to 100 attempts').max(100, 'expected 1 to 100 attempts');

/** In canonical order. */
export const limitsKeys = {
  retries: z
    .strictObject({
      max_attempts: attempts.exactOptional(),
      backoff: length.exactOptional(),
      cap: length.exactOptional(),
    })
    .exactOptional(),
  attempt_timeout: length.exactOptional(),
  total_timeout: length.exactOptional(),
};

/** What can never come into play is a slip. */
export function limitsRules({ retries, attempt_timeout, total_timeout }: JsonObject): ConfigIssue[] {
  const { backoff, cap } = isMap(retries) ? retries : {};
  return [
    ...longer([backoff, 'backoff'], [cap, 'cap'], ['retries', 'cap']),
    ...longer([attempt_timeout, 'attempt_timeout'], [total_timeout, 'total_timeout'], ['total_timeout']),
  ];
}

function isMap(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

type Named = readonly [value: unknown, key: string];

function longer([short, key]: Named, [long, other]: Named, path: ConfigIssue['path']): ConfigIssue[] {
  if (typeof short !== 'string' || typeof long !== 'string' || !(lengthMs(short) > lengthMs(long))) return [];
  const message = say('"{other}" is shorter than "{key}", which would never come into play: make it longer', {
    other,
    key,
  });
  return [{ path, code: 'bad-value', message }];
}
