/**
 * What is new of who is where, told to a room: at once when it is quiet, and gathered for a moment when many move, so
 * that a frame with all of it goes to each socket instead of a frame a key.
 */
export interface PresenceNews<Peer> {
  /** `by` said it and need not hear it; null: the server. */
  tell(ids: readonly number[], by: Peer | null): void;
  stop(): void;
}

const GATHER_MS = 25;

export function createPresenceNews<Peer>(
  send: (ids: readonly number[], except: Peer | null) => void,
): PresenceNews<Peer> {
  const waiting = new Map<number, Peer | null>();
  let timer: NodeJS.Timeout | null = null;
  const flush = () => {
    timer = null;
    if (waiting.size === 0) return;
    const [only = null, ...others] = new Set(waiting.values());
    const ids = [...waiting.keys()];
    waiting.clear();
    timer = setTimeout(flush, GATHER_MS);
    send(ids, others.length === 0 ? only : null);
  };
  return {
    tell(ids, by) {
      for (const id of ids) waiting.set(id, by);
      if (timer === null) flush();
    },
    stop() {
      if (timer !== null) clearTimeout(timer);
    },
  };
}
