/** What a room says about what it asks of the server: whether it waits, and what last went wrong. */
import { untrack } from 'svelte';
import { lookAgain } from './look-again.ts';
import { messageOf } from './problem.ts';

export class Attempt {
  failure = $state<string | null>(null);
  busy = $state(false);
  /** Not a state: an effect that begins an attempt must not wait for its own count. */
  #waiting = 0;
  #ofBackground = false;

  /** Answers whether `work` succeeded. A success takes away an earlier failure: one act is one call, never one in another. */
  async try(work: () => Promise<unknown>): Promise<boolean> {
    this.#waiting += 1;
    this.busy = true;
    try {
      await work();
      this.#tell(null, false);
      return true;
    } catch (error) {
      this.#tell(messageOf(error), false);
      return false;
    } finally {
      this.#waiting -= 1;
      this.busy = this.#waiting > 0;
    }
  }

  /** In the background, now and every so often, as an effect: what `work` reads of the page does not begin it anew. */
  repeat(work: () => Promise<unknown>, everyMs: number): () => void {
    return lookAgain(() => untrack(() => this.quietly(work)), everyMs);
  }

  /** For what is asked in the background: a failure is told until it succeeds; what is said about others stays. */
  async quietly(work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
      if (this.#ofBackground) this.#tell(null, false);
    } catch (error) {
      this.#tell(messageOf(error), true);
    }
  }

  #tell(failure: string | null, ofBackground: boolean): void {
    this.failure = failure;
    this.#ofBackground = ofBackground;
  }
}
