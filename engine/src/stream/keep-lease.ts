import type { Fault } from '@datacraft/shared';
import { isFault } from '@datacraft/shared';
import type { Queryable } from '../store/database.ts';
import type { StreamLease } from '../store/streams.ts';
import { keepStream } from '../store/streams.ts';

/** Three may fail before the lease ends. */
const KEEP_EVERY_MS = 2_500;

/** Aborted by the caller, or when the stream is not this runner's any more. */
interface Kept {
  readonly signal: AbortSignal;
  lost(): Fault | null;
  stop(): void;
}

/** Holds the lease however long a beginning, a commit or a broker that is away takes: without it another runner would begin the same. */
export function keepLease(lease: StreamLease, db: Queryable, outer: AbortSignal): Kept {
  const inner = new AbortController();
  let lost: Fault | null = null;
  const keep = async () => {
    try {
      await keepStream(db, lease);
    } catch (error) {
      if (!isFault(error, 'lease-lost')) return; // a database that is away for a moment: the next one tells
      lost = error;
      inner.abort();
    }
  };
  const timer = setInterval(() => void keep(), KEEP_EVERY_MS);
  return {
    signal: AbortSignal.any([outer, inner.signal]),
    lost: () => lost,
    stop: () => clearInterval(timer),
  };
}
