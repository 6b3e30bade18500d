/** What a room says about what it asks of the server: whether it waits, and what last went wrong. */
import { messageOf } from './problem.ts';

export class Attempt {
  failure = $state<string | null>(null);
  busy = $state(false);
  /** Not a state: an effect that begins an attempt must not wait for its own count. */
  #waiting = 0;

  /** Answers whether `work` succeeded. A success takes away an earlier failure: one act is one call, never one in another. */
  async try(work: () => Promise<unknown>): Promise<boolean> {
    this.#waiting += 1;
    this.busy = true;
    try {
      await work();
      this.failure = null;
      return true;
    } catch (error) {
      this.failure = messageOf(error);
      return false;
    } finally {
      this.#waiting -= 1;
      this.busy = this.#waiting > 0;
    }
  }

  /** For what is asked in the background: a failure is told, a success leaves what is said about others. */
  async quietly(work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.failure = messageOf(error);
    }
  }
}
