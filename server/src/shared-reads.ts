interface Lane<Value> {
  readonly current: Promise<void>;
  next: Promise<Value> | null;
}

/**
 * What many ask for at once is read once: whoever asks while a read is under way shares the one after it, which begins
 * after they asked. So an answer is never older than its question, and a rush of requests costs one read at a time.
 */
export class SharedReads<Value> {
  readonly #lanes = new Map<string, Lane<Value>>();

  read(key: string, load: () => Promise<Value>): Promise<Value> {
    const lane = this.#lanes.get(key);
    if (lane === undefined) return this.#begin(key, load);
    lane.next ??= lane.current.then(() => this.#begin(key, load));
    return lane.next;
  }

  #begin(key: string, load: () => Promise<Value>): Promise<Value> {
    const reading = load();
    const over = () => {
      if (lane.next === null) this.#lanes.delete(key);
    };
    const lane: Lane<Value> = { current: reading.then(over, over), next: null };
    this.#lanes.set(key, lane);
    return reading;
  }
}
