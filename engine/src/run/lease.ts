import { isFault } from '@datacraft/shared';
import type { Fault } from '@datacraft/shared';
import type { Lease } from '../store/lease.ts';
import { renewLease } from '../store/lease.ts';
import type { RunDeps } from './context.ts';

/** Renewed often enough that a cancel request is seen within a second and three renewals may fail before the lease ends. */
const RENEW_EVERY_MS = 1_000;

/** The abort reason of a worker that stops: its runs are not cancelled but left for another worker. */
export const PARKED = 'parked';

export interface LeaseGuard {
  /** Aborted by the caller, by a cancel request in the database, or because the lease was lost. */
  readonly signal: AbortSignal;
  lost(): Fault | null;
  stop(): void;
}

export function keepLease(lease: Lease, deps: Pick<RunDeps, 'db'>, outer: AbortSignal): LeaseGuard {
  const inner = new AbortController();
  let lost: Fault | null = null;
  let renewing = false;
  const renew = async () => {
    if (renewing) return;
    renewing = true;
    try {
      if ((await renewLease(deps.db, lease)).cancelRequested) inner.abort();
    } catch (error) {
      if (isFault(error, 'lease-lost')) {
        lost = error;
        inner.abort(error);
      }
      // A database that is away for a moment is retried; the fence in the publish transaction decides in the end.
    } finally {
      renewing = false;
    }
  };
  const timer = setInterval(() => void renew(), RENEW_EVERY_MS);
  return {
    signal: AbortSignal.any([outer, inner.signal]),
    lost: () => lost,
    stop: () => clearInterval(timer),
  };
}
