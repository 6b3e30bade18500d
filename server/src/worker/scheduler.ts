/**
 * Looks for due schedules: at the next due time, when it is told that one was changed, and at least once a second
 * because telling is best effort.
 * Several of these may run at once; `engine/schedule` sees to it that a due time is decided once.
 */
import type { Database, Queryable } from '@datacraft/engine';
import { databaseNow, tick, untilNextDue } from '@datacraft/engine';
import type { Said } from '@datacraft/shared';
import { english } from '@datacraft/shared';
import type { Logger } from 'pino';
import { everyLook } from './every-look.ts';
import { enqueueRun } from './queue.ts';

export interface SchedulerDeps {
  readonly db: Database;
  readonly log: Logger;
  /** Work beside the schedules that is due when time passes: triggers, backfills. Each goes on at its own pace. */
  readonly alsoEachLook?: readonly (() => Promise<void>)[];
  /** A schedule pauses itself, in this transaction. */
  readonly onPaused?: (tx: Queryable, notebookId: string, because: Said) => Promise<void>;
}

export interface Scheduler {
  /** Looks now: a schedule was changed. */
  wake(): void;
  /** Ends after the look that is under way. */
  stop(): Promise<void>;
}

const LOOK_EVERY_MS = 1_000;

export function startScheduler({ db, log, alsoEachLook = [], onPaused }: SchedulerDeps): Scheduler {
  const deps = {
    db,
    enqueue: (tx: Parameters<typeof enqueueRun>[0], runId: string, priority: number) =>
      enqueueRun(tx, runId, { priority }),
    ...(onPaused ? { onPaused } : {}),
  };
  let stopped = false;
  let isLooking = false;
  let isWoken = false;
  let timer: NodeJS.Timeout | undefined;
  let looking: Promise<void> = Promise.resolve();
  const look = async () => {
    let waitMs = LOOK_EVERY_MS;
    isLooking = true;
    isWoken = false;
    try {
      for (const done of await tick(deps, await databaseNow(db)))
        if (done.pausedBecause !== null)
          log.warn({ notebookId: done.notebookId, because: english(done.pausedBecause) }, 'a schedule paused itself');
      waitMs = Math.min(LOOK_EVERY_MS, Math.max(0, (await untilNextDue(db)) ?? LOOK_EVERY_MS));
    } catch (error) {
      log.warn({ err: error }, 'looking for due schedules failed; it is tried again');
    }
    isLooking = false;
    if (!stopped) timer = setTimeout(begin, isWoken ? 0 : waitMs);
  };
  const begin = () => {
    looking = look();
  };
  begin();
  const beside = alsoEachLook.map((work) => everyLook(work, LOOK_EVERY_MS, log));
  return {
    wake: () => {
      isWoken = true;
      if (stopped || isLooking) return;
      clearTimeout(timer);
      begin();
    },
    stop: async () => {
      stopped = true;
      clearTimeout(timer);
      await Promise.all([looking, ...beside.map((each) => each.stop())]);
    },
  };
}
