import type { Engine, Lane } from './engine.ts';

/** A lane that several want: one statement at a time, each with the variables it needs. */
export class LaneQueue {
  readonly #engine: Engine;
  #lane: Promise<Lane> | null = null;
  #tail: Promise<unknown> = Promise.resolve();
  #bound = '';

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  /** `work` runs when everything asked before it is done. */
  use<T>(variables: readonly string[], work: (lane: Lane) => Promise<T>): Promise<T> {
    const run = async () => {
      this.#lane ??= this.#engine.connect();
      const lane = await this.#lane;
      await this.#bind(lane, variables);
      return work(lane);
    };
    const next = this.#tail.then(run, run);
    this.#tail = next.catch(() => {});
    return next;
  }

  /** Runs a statement for its effect; an aborted signal stops it in the engine. */
  async drain(variables: readonly string[], sql: string, signal: AbortSignal): Promise<void> {
    await this.use(variables, async (lane) => {
      signal.throwIfAborted();
      const stop = () => void this.#engine.cancel(lane).catch(() => {});
      signal.addEventListener('abort', stop, { once: true });
      try {
        for await (const _ of this.#engine.stream(lane, sql)) signal.throwIfAborted();
        signal.throwIfAborted();
      } finally {
        signal.removeEventListener('abort', stop);
      }
    });
  }

  async #bind(lane: Lane, variables: readonly string[]): Promise<void> {
    const wanted = variables.join(';');
    if (wanted === this.#bound) return;
    for (const statement of variables) await this.#engine.query(lane, statement);
    this.#bound = wanted;
  }
}
