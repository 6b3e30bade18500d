import type { RehearsalDeps } from './rehearsal.ts';
import { rehearse } from './rehearsal.ts';

/**
 * Opens models before they are asked, so that the first answers come as fast as later ones. It never fails: what it
 * could not open is opened when it is asked.
 */
export class AheadOfQuestions {
  readonly #from: RehearsalDeps;
  readonly #stopping = new AbortController();
  readonly #running = new Set<Promise<void>>();
  /** Code is compiled once, for all models. */
  #isRehearsed = false;

  constructor(from: RehearsalDeps) {
    this.#from = from;
  }

  /** After a start. */
  openChampions(): Promise<void> {
    return this.#quietly(async () => {
      for (const { name, version } of await this.#from.scorers.champions()) await this.#open(name, version);
    });
  }

  open(name: string, version: number): Promise<void> {
    return this.#quietly(() => this.#open(name, version));
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await Promise.all(this.#running);
  }

  async #open(name: string, version: number): Promise<void> {
    if (this.#stopping.signal.aborted) return;
    const scorer = await this.#from.scorers.warm(name, version);
    if (scorer === null || this.#isRehearsed) return;
    this.#isRehearsed = true;
    await rehearse(this.#from, { name, scorer }, this.#stopping.signal);
  }

  async #quietly(work: () => Promise<void>): Promise<void> {
    const running = work().catch((error: unknown) =>
      this.#from.deps.log.warn({ err: error }, 'a model was not opened ahead; it is when it is asked'),
    );
    this.#running.add(running);
    await running;
    this.#running.delete(running);
  }
}
