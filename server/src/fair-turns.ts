import { Fault } from '@datacraft/shared';

/**
 * Turns for work that is dear: so many at once altogether, and of these so many for one owner. Whoever waits longest
 * comes next, but an owner with its share under way lets others pass.
 */
export interface FairTurns {
  /** Throws `rate-limited` when so much of the owner's work waits that more makes no sense. */
  take(owner: string): Promise<void>;
  free(owner: string): void;
  readonly waiting: number;
}

export interface FairTurnsOptions {
  readonly total: number;
  readonly perOwner: number;
  readonly waitingPerOwner?: number;
}

interface Waiter {
  readonly owner: string;
  readonly enter: () => void;
}

export function createFairTurns({ total, perOwner, waitingPerOwner = Infinity }: FairTurnsOptions): FairTurns {
  const active = new Map<string, number>();
  const waiting: Waiter[] = [];
  let taken = 0;
  const mayEnter = (owner: string) => taken < total && (active.get(owner) ?? 0) < perOwner;
  const enter = (owner: string) => {
    taken += 1;
    active.set(owner, (active.get(owner) ?? 0) + 1);
  };
  const leave = (owner: string) => {
    taken -= 1;
    const left = (active.get(owner) ?? 1) - 1;
    if (left === 0) active.delete(owner);
    else active.set(owner, left);
  };
  return {
    get waiting() {
      return waiting.length;
    },
    take(owner) {
      if (mayEnter(owner)) {
        enter(owner);
        return Promise.resolve();
      }
      if (waiting.filter((each) => each.owner === owner).length >= waitingPerOwner) return Promise.reject(tooMany());
      return new Promise((resolve) => waiting.push({ owner, enter: resolve }));
    },
    free(owner) {
      leave(owner);
      const next = waiting.findIndex((each) => mayEnter(each.owner));
      const [found] = next < 0 ? [] : waiting.splice(next, 1);
      if (!found) return;
      enter(found.owner);
      found.enter();
    },
  };
}

function tooMany(): Fault {
  return new Fault('rate-limited', 'too much of your work waits already; try again when some of it is done', {
    retryAfterSeconds: 2,
  });
}
