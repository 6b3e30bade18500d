const FIRST_ROWS_TIMEOUT_MS = 12_000;
const CANCEL_GRACE_MS = 1_500;

export interface Watchdog {
  disarm(): void;
  fired(): boolean;
}

/** Stops an attempt that gives no first row: politely, then with the engine. */
export function watch(abort: AbortController, discard: () => void): Watchdog {
  let late = false;
  let kill: ReturnType<typeof setTimeout> | undefined;
  const timer = setTimeout(() => {
    late = true;
    abort.abort();
    kill = setTimeout(discard, CANCEL_GRACE_MS);
  }, FIRST_ROWS_TIMEOUT_MS);
  const disarm = () => {
    clearTimeout(timer);
    clearTimeout(kill);
  };
  return { disarm, fired: () => late };
}
