import { setTimeout as sleep } from 'node:timers/promises';
import type { Queryable, StandingRollout } from '@datacraft/engine';
import { addToRollout, failRollout } from '@datacraft/engine';
import type { RolloutCounts } from '@datacraft/shared';
import type { Logger } from 'pino';

/** One row is written for all requests of this long: more often, and they would wait for its lock. */
const EVERY_MS = 250;
/** The same failure is told again after. */
const AGAIN_MS = 60_000;
const NOTHING: RolloutCounts = {
  asked: 0,
  answered: 0,
  compared: 0,
  agreed: 0,
  difference: 0,
  decided: 0,
  decidedOtherwise: 0,
  errors: 0,
  dropped: 0,
};

/** Counts what rollouts come to. Nobody waits for it; a process that is killed loses its last quarter of a second. */
export class RolloutCounter {
  readonly #db: Queryable;
  readonly #log: Logger;
  readonly #stopping = new AbortController();
  #waiting = new Map<string, RolloutCounts>();
  readonly #failures = new Map<string, { readonly message: string; readonly toldMs: number }>();
  #writing: Promise<void> | null = null;

  constructor(db: Queryable, log: Logger) {
    this.#db = db;
    this.#log = log;
  }

  add(id: string, counts: Partial<RolloutCounts>): void {
    this.#keep(id, counts);
    this.#writing ??= this.#write().finally(() => (this.#writing = null));
  }

  /** The version cannot be opened: logged and kept with the rollout, once in a while for all requests that find it. */
  failed({ id, version, mode }: StandingRollout, name: string, error: unknown): void {
    const message = error instanceof Error ? error.message : String(error);
    const before = this.#failures.get(id);
    if (before?.message === message && performance.now() - before.toldMs < AGAIN_MS) return;
    this.#failures.set(id, { message, toldMs: performance.now() });
    this.#log.error(
      { err: error, name, version, mode },
      'a version that is rolled out cannot be opened; the champion answers',
    );
    failRollout(this.#db, id, message).catch((failure: unknown) => {
      this.#failures.delete(id);
      this.#log.warn({ err: failure }, 'why a rollout fails was not kept; it is tried again');
    });
  }

  /** Resolves when all that was added is written. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#writing;
  }

  #keep(id: string, counts: Partial<RolloutCounts>): void {
    this.#waiting.set(id, summed(this.#waiting.get(id) ?? NOTHING, counts));
  }

  async #write(): Promise<void> {
    while (this.#waiting.size > 0) {
      await sleep(EVERY_MS, undefined, { signal: this.#stopping.signal }).catch(() => undefined);
      const taken = [...this.#waiting];
      this.#waiting = new Map();
      for (const [at, [id, counts]] of taken.entries()) {
        try {
          await addToRollout(this.#db, id, counts);
        } catch (error) {
          for (const [left, unwritten] of taken.slice(at)) this.#keep(left, unwritten);
          this.#log.warn({ err: error }, 'a rollout was not counted; it is tried again with the next answers');
          return;
        }
      }
    }
  }
}

function summed(one: RolloutCounts, other: Partial<RolloutCounts>): RolloutCounts {
  const names = Object.keys(NOTHING) as (keyof RolloutCounts)[];
  return Object.fromEntries(names.map((name) => [name, one[name] + (other[name] ?? 0)])) as unknown as RolloutCounts;
}
