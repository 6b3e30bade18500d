import { createClient } from '@redis/client';

/** Of one answer to a reader; past it Redis counts as away for a moment, for the database answers sooner. */
const ANSWER_MS = 500;
const PAUSE_MS = 2_000;
const RECONNECT_MOST_MS = 2_000;

/** What is needed of Redis. Every call rejects at once while it is away. */
export interface Redis {
  isUp(): boolean;
  fields(key: string, fields: readonly string[]): Promise<readonly (string | null)[]>;
  put(key: string, values: Readonly<Record<string, string>>, expiresS: number): Promise<void>;
  run(script: string, keys: readonly string[], values: readonly string[]): Promise<unknown>;
  stop(): void;
}

/** Goes on trying to connect until it is stopped; `onUp` at each connection, `onDown` when one is lost. */
export function openRedis(url: string, told: { onUp: () => void; onDown: (reason: string) => void }): Redis {
  const client = createClient({
    url,
    disableOfflineQueue: true,
    socket: { connectTimeout: 2_000, reconnectStrategy: (tries) => Math.min(50 * 2 ** tries, RECONNECT_MOST_MS) },
  });
  client.on('error', (error: Error) => told.onDown(error.message));
  client.on('ready', () => told.onUp());
  client.connect().catch(() => undefined); // 'error' has said it, and it is tried again
  let pausedUntilMs = 0;
  const slow = () => {
    pausedUntilMs = performance.now() + PAUSE_MS;
    told.onDown(`Redis did not answer within ${ANSWER_MS} ms`);
  };
  return {
    isUp: () => client.isReady && performance.now() >= pausedUntilMs,
    fields: (key, fields) => within(client.hmGet(key, [...fields]), slow),
    async put(key, values, expiresS) {
      await client.multi().hSet(key, values).expire(key, expiresS).exec();
    },
    run: (script, keys, values) => client.eval(script, { keys: [...keys], arguments: [...values] }),
    stop: () => client.destroy(),
  };
}

async function within<Value>(answer: Promise<Value>, slow: () => void): Promise<Value> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      slow();
      reject(new Error('Redis is too slow'));
    }, ANSWER_MS);
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}
