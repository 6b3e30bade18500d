import { Fault } from '@datacraft/shared';

/** A bucket of calls per address that refills with time: wide enough for an office behind one address. */
export interface Rate {
  /** Throws `rate-limited` when the address has used up its calls. */
  take(address: string): void;
}

const MAX_ADDRESSES = 20_000;

export function createRate(now: () => number, burst = 1_000, perSecond = 50): Rate {
  const buckets = new Map<string, { left: number; at: number }>();
  return {
    take(address) {
      const at = now();
      const bucket = buckets.get(address) ?? { left: burst, at };
      bucket.left = Math.min(burst, bucket.left + ((at - bucket.at) / 1_000) * perSecond);
      bucket.at = at;
      if (buckets.size >= MAX_ADDRESSES && !buckets.has(address)) buckets.clear();
      buckets.set(address, bucket);
      if (bucket.left < 1) {
        throw new Fault('rate-limited', 'too many requests from this address; try again in a second', {
          retryAfterSeconds: 1,
        });
      }
      bucket.left -= 1;
    },
  };
}
