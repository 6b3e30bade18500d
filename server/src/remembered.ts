import { SharedReads } from './shared-reads.ts';

interface Known<Value> {
  readonly value: Value;
  readonly untilMs: number;
}

const MOST = 1000;

/**
 * What was read of late, for a moment. `forget` drops all of it, and also what is being read right then: nothing that
 * was read before is answered after.
 */
export class Remembered<Value> {
  readonly #forMs: number;
  readonly #now: () => number;
  readonly #known = new Map<string, Known<Value>>();
  readonly #reads = new SharedReads<Value>();
  #epoch = 0;

  constructor(forMs: number, now: () => number) {
    this.#forMs = forMs;
    this.#now = now;
  }

  async read(key: string, load: () => Promise<Value>): Promise<Value> {
    const known = this.#known.get(key);
    const askedMs = this.#now();
    if (known !== undefined && askedMs < known.untilMs) return known.value;
    const epoch = this.#epoch;
    const value = await this.#reads.read(key, load);
    if (epoch !== this.#epoch) return value;
    if (this.#known.size >= MOST) this.#known.clear();
    this.#known.set(key, { value, untilMs: askedMs + this.#forMs });
    return value;
  }

  forget(): void {
    this.#epoch += 1;
    this.#known.clear();
  }
}
