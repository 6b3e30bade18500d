/**
 * Whose turn it is in an engine with one thread.
 *
 * T1  What a person types goes first; other cells wait for their turn until it has rows.
 * T2  Spare work (profiles, charts, copies for later) runs when nobody waits for rows. It is stopped by the next
 *     keystroke and begun anew when that is done, without its asker noticing.
 */
export class Turns {
  #typed = 0;
  #shown = 0;
  #spare: AbortController | null = null;
  #sleepers: (() => void)[] = [];

  /** Waits for the turn; the function returned ends it and may be called twice. */
  async take(rank: 'typed' | 'shown', signal: AbortSignal): Promise<() => void> {
    if (rank === 'typed') this.#typed += 1;
    else {
      while (this.#typed + this.#shown > 0 && !signal.aborted) await this.#change(signal);
      this.#shown += 1;
    }
    this.#spare?.abort();
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      if (rank === 'typed') this.#typed -= 1;
      else this.#shown -= 1;
      this.#wake();
    };
  }

  async spare<T>(work: (signal: AbortSignal) => Promise<T>, signal: AbortSignal): Promise<T> {
    for (;;) {
      while (this.#typed + this.#shown > 0 || this.#spare !== null) {
        signal.throwIfAborted();
        await this.#change(signal);
      }
      signal.throwIfAborted();
      const turn = new AbortController();
      this.#spare = turn;
      try {
        return await work(AbortSignal.any([signal, turn.signal]));
      } catch (error) {
        if (!turn.signal.aborted || signal.aborted) throw error;
      } finally {
        this.#spare = null;
        this.#wake();
      }
    }
  }

  #change(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      this.#sleepers.push(resolve);
      signal.addEventListener('abort', () => resolve(), { once: true });
    });
  }

  #wake(): void {
    const sleepers = this.#sleepers;
    this.#sleepers = [];
    for (const wake of sleepers) wake();
  }
}
