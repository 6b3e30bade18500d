/**
 * Answers that many viewers share. One key is computed once, however many ask while it is computed or after; the
 * oldest answers go when the store is full. Work waits its turn, so that viewers cannot exhaust the machine, nor the
 * viewers of one owner's pages all its turns.
 */
import { createFairTurns } from '../fair-turns.ts';

export interface SharedWork<Answer> {
  get(key: string, owner: string, compute: () => Promise<Answer>): Promise<Answer>;
  /**
   * Many at once, in the order of `keys`. `compute` gets the places of those that nobody has computed or computes, in
   * one turn, and tells each answer as it has it.
   */
  getMany(keys: readonly string[], owner: string, compute: ComputeMany<Answer>): Promise<Answer[]>;
  /** How often something was computed; tests and metrics read it. */
  readonly computed: number;
}

export type ComputeMany<Answer> = (
  places: readonly number[],
  tell: (place: number, answer: Answer) => void,
) => Promise<void>;

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
  const turns = createFairTurns({ total: options.concurrency, perOwner: Math.ceil(options.concurrency / 2) });
  let held = 0;
  let computed = 0;

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
  const known = (key: string): Promise<Answer> | undefined => {
    const found = kept.get(key);
    if (!found || found.until <= options.now()) return running.get(key);
    kept.delete(key);
    kept.set(key, found);
    return Promise.resolve(found.answer);
  };
  const start = async (places: ReadonlyMap<number, Place<Answer>>, owner: string, compute: ComputeMany<Answer>) => {
    await turns.take(owner);
    try {
      computed += places.size;
      await compute([...places.keys()], (at, answer) => {
        const place = places.get(at);
        if (!place) return;
        keep(place.key, answer);
        place.resolve(answer);
      });
    } catch (error) {
      for (const place of places.values()) place.reject(error);
    } finally {
      turns.free(owner);
      for (const place of places.values()) {
        place.reject(new Error('no answer was told')); // Of no effect on what was answered.
        running.delete(place.key);
      }
    }
  };
  const getMany: SharedWork<Answer>['getMany'] = (keys, owner, compute) => {
    const missing = new Map<number, Place<Answer>>();
    const answers = keys.map((key, at) => {
      const found = known(key);
      if (found) return found;
      if (turns.waiting >= options.maxWaiting) return Promise.resolve(options.busy());
      const { promise, resolve, reject } = Promise.withResolvers<Answer>();
      running.set(key, promise);
      missing.set(at, { key, resolve, reject });
      return promise;
    });
    if (missing.size > 0) void start(missing, owner, compute);
    return Promise.all(answers);
  };
  return {
    get computed() {
      return computed;
    },
    getMany,
    get: async (key, owner, compute) => {
      const [answer] = await getMany([key], owner, async (_, tell) => tell(0, await compute()));
      if (answer === undefined) throw new Error('one key has one answer');
      return answer;
    },
  };
}

interface Place<Answer> {
  readonly key: string;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: unknown) => void;
}
