/**
 * What streams do, for all who look at their data: one question for everybody of this process, when a stream says that it
 * does something else, and each few seconds, for a runner that is gone says nothing.
 */
import type { StreamStanding } from '@datacraft/engine';
import type { Bus } from '../live/bus.ts';

const LOOK_EVERY_MS = 5_000;

export type HearStandings = (standings: readonly StreamStanding[]) => void;

export interface Standings {
  /** Hears what is known at once or soon, and all that follows. Answers the way to stop. */
  subscribe(hear: HearStandings): () => void;
}

export interface StandingsDeps {
  read(): Promise<readonly StreamStanding[]>;
  readonly bus: Pick<Bus, 'subscribe' | 'onGap'>;
  onError(error: unknown): void;
}

export function watchStandings({ read, bus, onError }: StandingsDeps): Standings {
  const listeners = new Set<HearStandings>();
  let looking = false;
  let again = false;
  let timer: ReturnType<typeof setInterval> | undefined;
  const look = async () => {
    again = true;
    if (looking) return;
    looking = true;
    while (again) {
      again = false;
      try {
        const standings = await read();
        for (const hear of listeners) hear(standings);
      } catch (error) {
        onError(error);
      }
    }
    looking = false;
  };
  const lookForAny = () => void (listeners.size > 0 && look());
  bus.subscribe('streams', lookForAny);
  bus.onGap(lookForAny);
  return {
    subscribe(hear) {
      listeners.add(hear);
      timer ??= setInterval(lookForAny, LOOK_EVERY_MS).unref();
      void look();
      return () => {
        listeners.delete(hear);
        if (listeners.size > 0) return;
        clearInterval(timer);
        timer = undefined;
      };
    },
  };
}
