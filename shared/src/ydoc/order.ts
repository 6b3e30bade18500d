import { generateKeyBetween, generateNKeysBetween } from 'fractional-indexing';

/** How often the gap is halved at random before a key is taken: 2^8 places, so that two people rarely take the same. */
const JITTER_STEPS = 8;

/** A key between two others; null is an end of the page. Null when there is no room: equal or malformed neighbours. */
export function orderBetween(
  before: string | null,
  after: string | null,
  random: () => number = Math.random,
): string | null {
  try {
    let low = before;
    let high = after;
    let key = generateKeyBetween(low, high);
    if (low !== null && high !== null && low >= high) return null;
    for (let step = 0; step < JITTER_STEPS; step += 1) {
      // At an open end halving would only grow the number: the gap above the first key is closed instead.
      if (high === null) [low, high] = [key, generateKeyBetween(key, null)];
      else if (low === null) [low, high] = [generateKeyBetween(null, key), key];
      else if (random() < 0.5) low = key;
      else high = key;
      key = generateKeyBetween(low, high);
    }
    return key;
  } catch {
    return null; // The library has no other way to say that a neighbour is no order key.
  }
}

/** Fresh keys for a whole page. */
export function freshOrders(count: number): string[] {
  return generateNKeysBetween(null, null, count);
}
