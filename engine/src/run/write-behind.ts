/**
 * Writes that nobody waits for at once, one after another in the order they came. The first failure ends them: whoever
 * adds another write or waits for all of them learns of it.
 */
export class WriteBehind {
  #last: Promise<void> = Promise.resolve();
  #failure: { readonly error: unknown } | null = null;

  add(write: () => Promise<void>): void {
    if (this.#failure) throw this.#failure.error;
    this.#last = this.#last.then(async () => {
      if (this.#failure) return;
      try {
        await write();
      } catch (error) {
        this.#failure = { error };
      }
    });
  }

  /** Resolves when all that was added is written; throws what the first failure was. */
  async settled(): Promise<void> {
    for (let seen: Promise<void> | null = null; seen !== this.#last;) {
      seen = this.#last;
      await seen;
    }
    if (this.#failure) throw this.#failure.error;
  }
}
