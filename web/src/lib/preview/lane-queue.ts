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

  async cancel(): Promise<void> {
    if (this.#lane !== null) await this.#engine.cancel(await this.#lane);
  }

  async #bind(lane: Lane, variables: readonly string[]): Promise<void> {
    const wanted = variables.join(';');
    if (wanted === this.#bound) return;
    for (const statement of variables) await this.#engine.query(lane, statement);
    this.#bound = wanted;
  }
}
