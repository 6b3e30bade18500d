/**
 * Does `work` now and again, `everyMs` after each time it ended: a slow server is not asked twice at once, and nobody asks
 * it for a page that is not seen. A page that is seen again asks at once. `work` tells its failures itself.
 */
export function lookAgain(work: () => Promise<unknown>, everyMs: number): () => void {
  const stopping = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isAsking = false;
  async function look(): Promise<void> {
    if (isAsking) return;
    clearTimeout(timer);
    isAsking = true;
    try {
      await work();
    } finally {
      isAsking = false;
      if (!stopping.signal.aborted && !document.hidden) timer = setTimeout(() => void look(), everyMs);
    }
  }
  const seenAgain = () => document.hidden || void look();
  document.addEventListener('visibilitychange', seenAgain, { signal: stopping.signal });
  void look();
  return () => {
    stopping.abort();
    clearTimeout(timer);
  };
}
