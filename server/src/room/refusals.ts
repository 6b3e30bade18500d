import type { Refusal } from './room.ts';

/** What became of attempts: the first of a kind at once, those after it as a number once a minute. */
export interface Refusals {
  count(userId: string, notebookId: string, what: Refusal | 'oversize'): void;
  /** Reports what is still to be said. */
  stop(): Promise<void>;
}

export interface RefusedAttempts {
  readonly userId: string;
  readonly notebookId: string;
  readonly what: string;
  readonly count: number;
}

const GATHER_MS = 60_000;

export function createRefusals(report: (attempts: RefusedAttempts) => Promise<void>): Refusals {
  const gathered = new Map<string, { attempts: RefusedAttempts; timer: NodeJS.Timeout }>();
  const tell = async (key: string) => {
    const known = gathered.get(key);
    gathered.delete(key);
    clearTimeout(known?.timer);
    if (known && known.attempts.count > 0) await report(known.attempts);
  };
  return {
    count(userId, notebookId, what) {
      const key = `${userId} ${notebookId} ${what}`;
      const known = gathered.get(key);
      if (known) {
        known.attempts = { ...known.attempts, count: known.attempts.count + 1 };
        return;
      }
      const timer = setTimeout(() => void tell(key), GATHER_MS);
      timer.unref();
      gathered.set(key, { attempts: { userId, notebookId, what, count: 0 }, timer });
      void report({ userId, notebookId, what, count: 1 });
    },
    async stop() {
      await Promise.all([...gathered.keys()].map(tell));
    },
  };
}
