import type { JsonObject } from '@datacraft/shared';

/**
 * The columns by which rows at the boundary of a cursor were told apart when they were read: one that came since makes
 * no other row of them. One that is gone does: it was a change of each row.
 */
export function hashedThen(state: JsonObject | null, now: readonly string[]): readonly string[] {
  const then = state?.['hashed'];
  return Array.isArray(then) && then.every((name) => typeof name === 'string' && now.includes(name))
    ? (then as string[])
    : now;
}
