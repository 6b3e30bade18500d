/**
 * Whose turn it is in an engine with one thread.
 *
 * T1  What a person types goes first; other cells wait for their turn until it has rows.
 * T3  Cells that follow (`shown`) wait for the keys to rest, too: they are many, and would be in the way of the next key.
 *     Who types on and on sees them all the same, now and then.
 * T2  Spare work (profiles, charts, copies for later) runs when nobody waits for rows and the keys rest as for T3. It is
 *     stopped by the next keystroke and begun anew when that is done, without its asker noticing.
 */
/** Longer than between two keys of somebody who types. */
const REST_MS = 200;
/** Of keys without a rest: so long the others wait, then so long they may go. */
const CLOSED_MS = 1_000;
const OPEN_MS = 300;

export class Turns {
  readonly #now: () => number;
  #typedAt = -Infinity;
  /** When the keys since the last rest began. */
  #burstAt = -Infinity;
  #typed = 0;
  #shown = 0;
  #spare: AbortController | null = null;
  #sleepers: (() => void)[] = [];

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** Waits for the turn; the function returned ends it and may be called twice. */
  async take(rank: 'typed' | 'watched' | 'shown', signal: AbortSignal): Promise<() => void> {
    if (rank === 'typed') {
      this.#typed += 1;
      this.#hearKey();
    } else {
      if (rank === 'shown') await this.#rest(signal);
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
      await this.#rest(signal);
      while (this.#typed + this.#shown > 0 || this.#spare !== null) {
        signal.throwIfAborted();
        await this.#change(signal);
        await this.#rest(signal);
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

  #hearKey(): void {
    const now = this.#now();
    if (now - this.#typedAt > REST_MS || now - this.#burstAt > CLOSED_MS + OPEN_MS) this.#burstAt = now;
    this.#typedAt = now;
  }

  async #rest(signal: AbortSignal): Promise<void> {
    for (;;) {
      const restMs = Math.min(this.#typedAt + REST_MS, this.#burstAt + CLOSED_MS) - this.#now();
      if (restMs <= 0 || signal.aborted) return;
      const timer = setTimeout(() => this.#wake(), restMs);
      await this.#change(signal);
      clearTimeout(timer);
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
