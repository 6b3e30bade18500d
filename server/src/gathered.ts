interface Waiting<Item, Result> {
  readonly items: readonly Item[];
  readonly done: (result: Result) => void;
  readonly failed: (error: unknown) => void;
}

/**
 * Work that is cheaper for many at once: one call is under way at a time, and the next takes all that came meanwhile, so
 * a rush costs larger calls and not more of them. Nobody waits for company: who comes alone is served alone.
 */
export class Gathered<Item, Result> {
  readonly #work: (items: readonly Item[]) => Promise<Result>;
  readonly #most: number;
  readonly #waiting: Waiting<Item, Result>[] = [];
  #isBusy = false;
  #running: Promise<void> = Promise.resolve();

  /** At most `most` items in one call, unless somebody alone brings more. */
  constructor(work: (items: readonly Item[]) => Promise<Result>, most: number) {
    this.#work = work;
    this.#most = most;
  }

  /** What the call answered that took these items. */
  add(items: readonly Item[]): Promise<Result> {
    const added = new Promise<Result>((done, failed) => this.#waiting.push({ items, done, failed }));
    if (!this.#isBusy) this.#running = this.#run();
    return added;
  }

  /** Resolves when nothing is under way. */
  idle(): Promise<void> {
    return this.#running;
  }

  async #run(): Promise<void> {
    this.#isBusy = true;
    while (this.#waiting.length > 0) {
      const together = this.#take();
      try {
        const result = await this.#work(together.flatMap(({ items }) => items));
        for (const { done } of together) done(result);
      } catch (error) {
        for (const { failed } of together) failed(error);
      }
    }
    this.#isBusy = false;
  }

  #take(): Waiting<Item, Result>[] {
    let [count, size] = [0, 0];
    for (const { items } of this.#waiting) {
      if (count > 0 && size + items.length > this.#most) break;
      count += 1;
      size += items.length;
    }
    return this.#waiting.splice(0, count);
  }
}
