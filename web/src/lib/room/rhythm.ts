/**
 * When a person types, where the page does what nobody waits for: right after what a key made is drawn, and not just
 * before the next key is due. What takes a few milliseconds then is in nobody's way.
 *
 * H1  What is due is put off for no longer than twice `NEAR_MS`, however fast somebody types; what may wait, for little
 *     longer than `WAIT_MS`.
 * H2  What waits is done in the order in which it came.
 */

/** As early as this before a key is due, and as late after it, the page stays free. */
const NEAR_MS = 20;
/** Keys further apart are not typing. */
const TYPING_MS = 500;
const WAIT_MS = 150;

export interface Clock {
  now(): number;
  /** Calls `work` when the next frame is drawn. */
  afterFrame(work: () => void): void;
  /** The answer takes it back. */
  after(ms: number, work: () => void): () => void;
}

export class Rhythm {
  readonly #clock: Clock;
  readonly #listeners = new Set<() => void>();
  #keyAt = -Infinity;
  #apartMs = Infinity;
  #waiting: (() => void)[] = [];
  #takeBack: (() => void) | null = null;

  constructor(clock: Clock = browserClock) {
    this.#clock = clock;
  }

  /** Call it as a key goes down. */
  key(): void {
    const now = this.#clock.now();
    this.#apartMs = now - this.#keyAt;
    this.#keyAt = now;
    this.#clock.afterFrame(() => {
      this.#listeners.forEach((work) => work());
      this.catchUp();
    });
  }

  /** Does it now, or while somebody types after what a key made is drawn. */
  whenFree(work: () => void): void {
    if (!this.isTyping && this.#takeBack === null) return work();
    this.#waiting.push(work);
    const now = this.#clock.now();
    this.#takeBack ??= this.#clock.after(this.better(now + WAIT_MS) - now, () => this.catchUp());
  }

  /** Does what waits: what comes next may rest on it. */
  catchUp(): void {
    this.#takeBack?.();
    this.#takeBack = null;
    for (const work of this.#waiting.splice(0)) work();
  }

  /** What waits is not done any more. */
  stop(): void {
    this.#waiting = [];
    this.catchUp();
  }

  /** Calls `work` each time what a key made was drawn; the answer ends it. */
  afterKeys(work: () => void): () => void {
    this.#listeners.add(work);
    return () => this.#listeners.delete(work);
  }

  get isTyping(): boolean {
    return this.#clock.now() - this.#keyAt < TYPING_MS;
  }

  /** When work that may be done at `at` had better be. */
  better(at: number): number {
    if (this.#apartMs > TYPING_MS) return at;
    const due = this.#keyAt + this.#apartMs;
    return at > due - NEAR_MS && at < due + NEAR_MS ? due + NEAR_MS : at;
  }
}

const browserClock: Clock = {
  now: () => performance.now(),
  afterFrame(work) {
    requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = work;
      port2.postMessage(null);
    });
  },
  after(ms, work) {
    const timer = setTimeout(work, ms);
    return () => clearTimeout(timer);
  },
};
