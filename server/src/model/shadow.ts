import { setImmediate } from 'node:timers/promises';
import type { Prediction, Queryable, StandingRollout } from '@datacraft/engine';
import { compareAnswers } from '@datacraft/shared';
import type { Logger } from 'pino';
import { scoredBy } from './canary.ts';
import { keptOf } from './kept.ts';
import { writeBeside } from './prediction-log.ts';
import type { RolloutCounter } from './rollout-counter.ts';
import type { Scorers } from './scorers.ts';

/** Rows that wait, of all models: about 50 ms of a forest's work. What comes above it is dropped and counted. */
const MOST_WAITING = 2_000;
/** Scored and written at once, so that requests have their turn between. */
const BATCH = 100;

export interface ShadowRow {
  readonly key: string;
  readonly row: unknown;
  /** The champion's. */
  readonly answer: Prediction;
}

export interface ShadowWork {
  readonly name: string;
  readonly rollout: StandingRollout;
  /** Fields that are written down as they are. */
  readonly known: ReadonlySet<string>;
  readonly rows: readonly ShadowRow[];
}

export interface ShadowDeps {
  readonly db: Queryable;
  readonly scorers: Pick<Scorers, 'open'>;
  readonly counter: Pick<RolloutCounter, 'add' | 'failed'>;
  readonly log: Pick<Logger, 'warn'>;
}

/**
 * Scores in the shadow what was answered already.
 *
 * W1  Offering never waits and never throws.
 * W2  No more than `most` rows wait; the others are dropped, and counted.
 */
export class Shadow {
  readonly #deps: ShadowDeps;
  readonly #most: number;
  readonly #waiting: ShadowWork[] = [];
  #count = 0;
  #working: Promise<void> | null = null;

  constructor(deps: ShadowDeps, most = MOST_WAITING) {
    this.#deps = deps;
    this.#most = most;
  }

  offer(work: ShadowWork): void {
    const taken = work.rows.slice(0, this.#most - this.#count);
    const dropped = work.rows.length - taken.length;
    if (dropped > 0) this.#deps.counter.add(work.rollout.id, { dropped });
    for (let from = 0; from < taken.length; from += BATCH)
      this.#waiting.push({ ...work, rows: taken.slice(from, from + BATCH) });
    this.#count += taken.length;
    if (taken.length > 0) this.#working ??= this.#work().finally(() => (this.#working = null));
  }

  /** Resolves when nothing waits. */
  async idle(): Promise<void> {
    await this.#working;
  }

  async #work(): Promise<void> {
    await setImmediate();
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) {
      await this.#score(next);
      this.#count -= next.rows.length;
      await setImmediate();
    }
  }

  async #score({ name, rollout, known, rows }: ShadowWork): Promise<void> {
    const { db, scorers, counter, log } = this.#deps;
    const asked = rows.map(({ row }) => row);
    const said = await scoredBy(scorers, name, rollout.version, asked, (error) => counter.failed(rollout, name, error));
    const pairs = rows.flatMap(({ key, answer }, at) => (said[at] ? [{ key, answer, said: said[at] }] : []));
    const written = pairs.map(({ key, said: answer }) => ({
      key,
      beside: { version: rollout.version, answer: keptOf(answer, known) },
    }));
    try {
      if (written.length > 0) await writeBeside(db, written);
      const found = compareAnswers(pairs.map((each) => [each.answer, each.said] as const));
      counter.add(rollout.id, { ...found, errors: rows.length - pairs.length });
    } catch (error) {
      counter.add(rollout.id, { dropped: rows.length });
      log.warn({ err: error, name }, 'what was said in the shadow was not written; nobody waits for it');
    }
  }
}
