/**
 * Answers that many viewers share. One key is computed once, however many ask while it is computed or after; the
 * oldest answers go when the store is full. Work waits its turn, so that viewers cannot exhaust the machine.
 */
export interface SharedWork<Answer> {
  get(key: string, compute: () => Promise<Answer>): Promise<Answer>;
  /** How often something was computed; tests and metrics read it. */
  readonly computed: number;
}

export interface SharedWorkOptions<Answer> {
  readonly maxBytes: number;
  readonly concurrency: number;
  readonly maxWaiting: number;
  bytesOf(answer: Answer): number;
  /** How long an answer stands; failures are tried again soon. */
  lifeMsOf(answer: Answer): number;
  now(): number;
  busy(): Answer;
}

export function createSharedWork<Answer>(options: SharedWorkOptions<Answer>): SharedWork<Answer> {
  const kept = new Map<string, { answer: Answer; bytes: number; until: number }>();
  const running = new Map<string, Promise<Answer>>();
  const waiting: (() => void)[] = [];
  let active = 0;
  let held = 0;
  let computed = 0;

  const turn = async (): Promise<void> => {
    if (active < options.concurrency) active += 1;
    else await new Promise<void>((resolve) => waiting.push(resolve));
  };
  const done = (): void => {
    const next = waiting.shift();
    if (next) next();
    else active -= 1;
  };
  const keep = (key: string, answer: Answer): void => {
    const bytes = options.bytesOf(answer);
    if (bytes > options.maxBytes) return;
    forget(key);
    kept.set(key, { answer, bytes, until: options.now() + options.lifeMsOf(answer) });
    held += bytes;
    for (const oldest of kept.keys()) {
      if (held <= options.maxBytes) break;
      forget(oldest);
    }
  };
  const forget = (key: string): void => {
    held -= kept.get(key)?.bytes ?? 0;
    kept.delete(key);
  };
  const start = async (key: string, compute: () => Promise<Answer>): Promise<Answer> => {
    await turn();
    try {
      computed += 1;
      const answer = await compute();
      keep(key, answer);
      return answer;
    } finally {
      done();
      running.delete(key);
    }
  };
  return {
    get computed() {
      return computed;
    },
    get(key, compute) {
      const found = kept.get(key);
      if (found && found.until > options.now()) {
        kept.delete(key);
        kept.set(key, found);
        return Promise.resolve(found.answer);
      }
      const shared = running.get(key);
      if (shared) return shared;
      if (waiting.length >= options.maxWaiting) return Promise.resolve(options.busy());
      const work = start(key, compute);
      running.set(key, work);
      return work;
    },
  };
}
