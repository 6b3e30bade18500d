import type { Logger } from 'pino';

/** Does `work` again and again, a pause between; what takes long holds up nothing but itself. */
export function everyLook(work: () => Promise<void>, pauseMs: number, log: Logger): { stop(): Promise<void> } {
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  let working: Promise<void> = Promise.resolve();
  const begin = () => {
    working = once();
  };
  const once = async () => {
    try {
      await work();
    } catch (error) {
      log.warn({ err: error }, 'work that is due failed; it is tried again');
    }
    if (!stopped) timer = setTimeout(begin, pauseMs);
  };
  begin();
  return {
    stop: async () => {
      stopped = true;
      clearTimeout(timer);
      await working;
    },
  };
}
