/**
 * Runs streams: claims each that nobody runs, one process of it started by the server when there are any, more by
 * `datacraft stream`.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { StreamClaimDeps } from '@datacraft/engine';
import { claimStream, runClaimed, streamHolders } from '@datacraft/engine';
import type { Logger } from 'pino';
import { deadAmong, newHolder } from '../worker/holder.ts';

const LOOK_EVERY_MS = 500;

export interface StreamRunner {
  /** Lets go of its streams: another runner may take them at once. */
  stop(): Promise<void>;
}

export function startStreamRunner(engine: StreamClaimDeps, log: Logger): StreamRunner {
  const holder = newHolder();
  const stopping = new AbortController();
  const running = new Set<Promise<void>>();
  const claimAll = async () => {
    const { db } = engine.deps;
    const dead = deadAmong(await streamHolders(db), holder);
    for (;;) {
      const claimed = await claimStream(db, holder, dead);
      if (claimed === null) return;
      log.info({ stream: claimed.lease.streamId, cell: claimed.cell }, 'a stream was taken up');
      const work = runClaimed(claimed, engine, stopping.signal)
        .catch((error: unknown) => log.error({ err: error }, 'a stream ended; it is taken up again'))
        .finally(() => running.delete(work));
      running.add(work);
    }
  };
  const looking = (async () => {
    while (!stopping.signal.aborted) {
      await claimAll().catch((error: unknown) =>
        log.warn({ err: error }, 'streams could not be looked for; again soon'),
      );
      await sleep(LOOK_EVERY_MS, undefined, { signal: stopping.signal }).catch(() => {});
    }
  })();
  return {
    stop: async () => {
      stopping.abort();
      await looking;
      await Promise.all(running);
    },
  };
}
