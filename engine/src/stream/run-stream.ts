/**
 * One stream, from its claim until it is paused, fails or its runner stops.
 *
 * T1  Rows and how far the source was read are published in one transaction, which begins by proving the lease: whatever
 *     ends a runner, each row is in the table once (I3), and two runners of one stream never both publish (I5).
 * T2  A commit takes what came since the one before, and not before `commitMs` have passed. Cells below are made of the
 *     same rows in the same transaction: the same SQL as in a run, over the same tables.
 * T3  What passes by itself is waited for and said; what cannot, such as messages that are gone, stops the stream with the
 *     reason. It is never read on from somewhere else.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { StreamProgress } from '@datacraft/shared';
import { isFault } from '@datacraft/shared';
import { errorOf } from '../run/error-of.ts';
import type { EarlyReading, IdentifiedSource, LiveReading } from '../source/source.ts';
import { failStream, releaseStream, renewStream } from '../store/streams.ts';
import { readAgain } from './again.ts';
import type { CommitWork, Outcome } from './commit.ts';
import { commitOnce } from './commit.ts';
import { createDeliveries } from './deliver.ts';
import { keepLease } from './keep-lease.ts';
import type { Look } from './look.ts';
import { createLook } from './look.ts';
import type { Tidy } from './tidy.ts';
import { createTidy } from './tidy.ts';
import { inTurn, isJoined } from './turns.ts';
import { isAway, passes, waitMs } from './wait.ts';

export interface StreamWork extends CommitWork {
  /** False: only what was asked of it beside is done. */
  readonly isLive: boolean;
  readonly commitMs: number;
  /** What was told of it last, by whoever ran it before. */
  readonly progress: StreamProgress;
  /** Heard after each commit. */
  onCommit(outcome: Outcome): void;
}

const ROWS_A_COMMIT = 50_000;
const RENEW_EVERY_MS = 2_000;

/** Resolves when the stream is not this runner's any more. */
export async function runStream(claimed: StreamWork): Promise<void> {
  const guard = keepLease(claimed.lease, claimed.deps.db, claimed.signal);
  const work = { ...claimed, signal: guard.signal };
  const kept = new Kept();
  const look = createLook(work.input, work.cell, work.deps);
  const tidy = createTidy(work.deps);
  const deliveries = createDeliveries(work);
  const onCommit = (outcome: Outcome) => {
    deliveries.committed();
    work.onCommit(outcome);
  };
  const state: State = { told: { ...work.progress }, failures: 0, isAway: false, renewedAt: Number.NEGATIVE_INFINITY };
  try {
    while (!work.signal.aborted) {
      const began = performance.now();
      const isMore = await oneCommit({ ...work, onCommit }, look, kept, state, tidy);
      if (isMore === null) break;
      const owed = state.failures > 0 ? waitMs(state.failures, state.isAway) : isMore ? 0 : work.commitMs;
      await sleep(Math.max(0, owed - (performance.now() - began)), undefined, { signal: work.signal }).catch(() => {});
    }
    if (guard.lost()) return;
    await releaseStream(work.deps.db, work.lease);
  } catch (error) {
    if (isFault(error, 'lease-lost') || guard.lost()) return;
    if (work.signal.aborted) return await releaseStream(work.deps.db, work.lease);
    await failStream(work.deps.db, work.lease, errorOf(error));
  } finally {
    guard.stop();
    await tidy.stop();
    await deliveries.stop();
    await kept.close();
  }
}

interface State {
  told: StreamProgress;
  failures: number;
  /** What failed last was the source, which may be back any time. */
  isAway: boolean;
  renewedAt: number;
}

/** Whether there is more to take at once; null when there is nothing more to do. Throws what does not pass by itself. */
async function oneCommit(work: StreamWork, look: Look, kept: Kept, state: State, tidy: Tidy): Promise<boolean | null> {
  try {
    const again = await readAgain(work, state.told);
    if (again !== null) {
      state.failures = 0;
      state.renewedAt = performance.now();
      work.onCommit(again);
      return true;
    }
    if (!work.isLive) return null;
    const turn = isJoined(work.input.compiled.graph, work.cell) ? work.input.owner.key : null;
    const outcome = await inTurn(turn, () => lookAndCommit(work, look, kept, state));
    state.failures = 0;
    if (outcome === null) {
      if (state.told.waiting !== undefined) state.renewedAt = Number.NEGATIVE_INFINITY;
      forget(state.told);
      await renewed(work, state);
      return false;
    }
    state.told = { ...outcome.progress };
    state.renewedAt = performance.now();
    work.onCommit(outcome);
    tidy.committed(outcome.tables);
    return (state.told.lag ?? 0) > 0 && outcome.rows >= ROWS_A_COMMIT;
  } catch (error) {
    if (work.signal.aborted || !passes(error)) throw error;
    await kept.close();
    state.failures += 1;
    state.isAway = isAway(error);
    const { message, said } = errorOf(error);
    const { waitingSince = work.deps.now().toISOString() } = state.told;
    forget(state.told);
    state.told = {
      ...state.told,
      waiting: message,
      ...(said === undefined ? {} : { waitingSaid: said }),
      waitingSince,
      ...(state.isAway ? { isAway: true } : {}),
    };
    state.renewedAt = Number.NEGATIVE_INFINITY;
    await renewed(work, state).catch((lost: unknown) => {
      if (isFault(lost, 'lease-lost')) throw lost; // a database that is away is what is waited for
    });
    return false;
  }
}

async function lookAndCommit(work: StreamWork, look: Look, kept: Kept, state: State): Promise<Outcome | null> {
  work.signal.throwIfAborted();
  const looked = await look(liveReading(work, kept, state), work.signal);
  state.told = { ...state.told, lagAt: work.deps.now().toISOString() };
  if (looked === null) return null;
  try {
    forget(state.told);
    kept.goOn(looked.source);
    return await commitOnce(work, looked, state.told);
  } finally {
    await looked.source.release?.();
  }
}

function forget(told: StreamProgress): void {
  delete told.waiting;
  delete told.waitingSaid;
  delete told.waitingSince;
  delete told.isAway;
}

async function renewed({ deps, lease }: StreamWork, state: State): Promise<void> {
  if (performance.now() - state.renewedAt < RENEW_EVERY_MS) return;
  await renewStream(deps.db, lease, state.told);
  state.renewedAt = performance.now();
}

function liveReading({ deps }: StreamWork, kept: Kept, state: State): LiveReading {
  return {
    nowMs: deps.now().getTime(),
    limit: ROWS_A_COMMIT,
    keep: (open) => kept.get(open),
    takeEarly: () => kept.takeEarly(),
    tell: (progress) => {
      state.told = { ...state.told, ...progress };
    },
  };
}

/** What the source keeps open, and what it read on while its rows were committed. */
class Kept {
  #held: Promise<{ close(): Promise<void> }> | null = null;
  #early: EarlyReading | null = null;

  goOn({ goOn }: IdentifiedSource): void {
    this.#early ??= goOn?.() ?? null;
  }

  takeEarly(): EarlyReading | null {
    const early = this.#early;
    this.#early = null;
    return early;
  }

  get<Held extends { close(): Promise<void> }>(open: () => Promise<Held>): Promise<Held> {
    this.#held ??= open();
    return this.#held as Promise<Held>;
  }

  async close(): Promise<void> {
    await this.takeEarly()?.close();
    const held = this.#held;
    this.#held = null;
    await held?.then((each) => each.close()).catch(() => undefined); // it did not open, or is gone: nothing is left open
  }
}
