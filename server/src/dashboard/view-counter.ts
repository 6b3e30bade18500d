/** Counts openings of links in memory and adds them up once a second, so that a crowd writes one row once. */
export interface ViewCounter {
  count(token: string): void;
}

const FLUSH_MS = 1_000;

export function createViewCounter(
  add: (token: string, views: number) => Promise<void>,
  onError: (error: unknown) => void,
): ViewCounter {
  const waiting = new Map<string, number>();
  let timer: ReturnType<typeof setTimeout> | null = null;
  const flush = (): void => {
    timer = null;
    const counted = [...waiting];
    waiting.clear();
    for (const [token, views] of counted) add(token, views).catch(onError);
  };
  return {
    count(token) {
      waiting.set(token, (waiting.get(token) ?? 0) + 1);
      timer ??= setTimeout(flush, FLUSH_MS).unref();
    },
  };
}
