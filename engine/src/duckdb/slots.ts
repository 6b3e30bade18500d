import type { Fault } from '@datacraft/shared';

/** A counted number of places, given out in the order they were asked for. */
export interface Slots {
  /** Rejects with `fault()` when the signal comes first; the place is then not taken. */
  take(signal: AbortSignal | undefined, fault: () => Fault): Promise<void>;
  free(): void;
  /** Everybody who waits is refused. */
  refuse(fault: Fault): void;
}

interface Waiter {
  readonly enter: () => void;
  readonly refuse: (fault: Fault) => void;
}

export function createSlots(size: number): Slots {
  let taken = 0;
  const waiting = new Set<Waiter>();
  return {
    take: (signal, fault) => {
      if (signal?.aborted) return Promise.reject(fault());
      if (taken < size) {
        taken += 1;
        return Promise.resolve();
      }
      return new Promise((resolve, reject) => {
        const leave = (): void => {
          waiting.delete(waiter);
          signal?.removeEventListener('abort', onAbort);
        };
        const onAbort = (): void => waiter.refuse(fault());
        const waiter: Waiter = {
          enter: () => (leave(), resolve()),
          refuse: (reason) => (leave(), reject(reason)),
        };
        waiting.add(waiter);
        signal?.addEventListener('abort', onAbort, { once: true });
      });
    },
    free: () => {
      const [next] = waiting;
      if (next) next.enter();
      else taken -= 1;
    },
    refuse: (fault) => {
      for (const waiter of [...waiting]) waiter.refuse(fault);
    },
  };
}
