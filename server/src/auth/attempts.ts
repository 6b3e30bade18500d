import { Fault, say } from '@datacraft/shared';

/** Slows down guessing: per address and e-mail after a few failures, and per address whatever the e-mail. */
export interface Attempts {
  /**
   * Throws `rate-limited` while the key must wait, or while as many attempts are under way as it has left: guesses sent
   * all at once count like guesses sent one by one. What it answers is called when the attempt is over.
   */
  check(address: string, email: string): () => void;
  failed(address: string, email: string): void;
  succeeded(address: string, email: string): void;
}

interface Tally {
  failures: number;
  waitUntil: number;
  lastAt: number;
}

const FREE_PER_ACCOUNT = 5;
const FREE_PER_ADDRESS = 50;
const FIRST_WAIT_MS = 2_000;
const LONGEST_WAIT_MS = 15 * 60_000;
const FORGET_MS = 60 * 60_000;
const MAX_KEYS = 50_000;

export function createAttempts(now: () => number): Attempts {
  const tallies = new Map<string, Tally>();
  const underWay = new Map<string, number>();
  const begin = (key: string) => underWay.set(key, (underWay.get(key) ?? 0) + 1);
  const end = (key: string) => {
    const left = (underWay.get(key) ?? 1) - 1;
    if (left > 0) underWay.set(key, left);
    else underWay.delete(key);
  };
  const keysOf = (address: string, email: string): [string, number][] => [
    [`${address} ${email.toLowerCase()}`, FREE_PER_ACCOUNT],
    [address, FREE_PER_ADDRESS],
  ];
  return {
    check(address, email) {
      const keys = keysOf(address, email);
      for (const [key, free] of keys) {
        const tally = tallies.get(key);
        const waitMs = (tally?.waitUntil ?? 0) - now();
        if (waitMs > 0) throw tooMany(waitMs);
        if ((underWay.get(key) ?? 0) >= Math.max(1, free - (tally?.failures ?? 0))) throw tooMany(1_000);
      }
      for (const [key] of keys) begin(key);
      let over = false;
      return () => {
        if (!over) for (const [key] of keys) end(key);
        over = true;
      };
    },
    failed(address, email) {
      forgetOld(tallies, now());
      for (const [key, free] of keysOf(address, email)) {
        const tally = tallies.get(key) ?? { failures: 0, waitUntil: 0, lastAt: 0 };
        tally.failures += 1;
        tally.lastAt = now();
        if (tally.failures >= free) tally.waitUntil = now() + waitAfter(tally.failures - free);
        tallies.set(key, tally);
      }
    },
    succeeded(address, email) {
      tallies.delete(`${address} ${email.toLowerCase()}`);
    },
  };
}

function waitAfter(excess: number): number {
  return Math.min(FIRST_WAIT_MS * 2 ** Math.min(excess, 20), LONGEST_WAIT_MS);
}

function tooMany(waitMs: number): Fault {
  const seconds = Math.ceil(waitMs / 1000);
  return new Fault('rate-limited', say('too many failed attempts; try again in {seconds} seconds', { seconds }), {
    retryAfterSeconds: seconds,
  });
}

function forgetOld(tallies: Map<string, Tally>, now: number): void {
  if (tallies.size < MAX_KEYS) return;
  for (const [key, tally] of tallies) if (now - tally.lastAt > FORGET_MS) tallies.delete(key);
  if (tallies.size >= MAX_KEYS) tallies.clear();
}
