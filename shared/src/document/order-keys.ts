import { generateNKeysBetween } from 'fractional-indexing';

/** Order keys of `count` cells, first to last. */
export function orderKeys(count: number): string[] {
  return generateNKeysBetween(null, null, count);
}
