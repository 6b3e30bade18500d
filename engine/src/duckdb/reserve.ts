/** Children that wait for a session. */
export interface Reserve<Child> {
  readonly size: number;
  put(child: Child): void;
  /** The one that came first, of those ready now if there are any. */
  take(): Child | undefined;
  remove(child: Child): void;
}

export interface ReserveOptions<Child> {
  /** This many stay, however long nobody needs them. */
  readonly keep: number;
  /** Those above it go once none of them was needed for so long. */
  readonly surplusMs: number;
  isReady(child: Child): boolean;
  letGo(child: Child): void;
}

/** Sessions come in bursts, and a new child costs as much as many sessions: what a burst needed stays for the next. */
export function createReserve<Child>({ keep, surplusMs, isReady, letGo }: ReserveOptions<Child>): Reserve<Child> {
  const waiting: Child[] = [];
  let fewest = 0;
  let watch: NodeJS.Timeout | undefined;

  function watchSurplus(): void {
    if (watch !== undefined || waiting.length <= keep) return;
    fewest = waiting.length;
    watch = setTimeout(() => {
      watch = undefined;
      for (const child of waiting.splice(0, Math.max(0, fewest - keep))) letGo(child);
      watchSurplus();
    }, surplusMs).unref();
  }

  return {
    get size() {
      return waiting.length;
    },
    put: (child) => {
      waiting.push(child);
      watchSurplus();
    },
    take: () => {
      const ready = waiting.findIndex(isReady);
      const [taken] = waiting.splice(Math.max(0, ready), 1);
      fewest = Math.min(fewest, waiting.length);
      return taken;
    },
    remove: (child) => {
      const at = waiting.indexOf(child);
      if (at >= 0) waiting.splice(at, 1);
      fewest = Math.min(fewest, waiting.length);
    },
  };
}
