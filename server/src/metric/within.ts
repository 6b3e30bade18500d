import { setTimeout as sleep } from 'node:timers/promises';
import { Fault } from '@datacraft/shared';

/** What `work` resolves with, unless it takes longer: then it goes on unheard. */
export async function within<Result>(waitMs: number, work: Promise<Result>): Promise<Result> {
  const answered = new AbortController();
  const late = sleep(waitMs, undefined, { signal: answered.signal }).then(() => {
    throw new Fault('database-unavailable', 'the database does not answer; try again in a moment');
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    answered.abort();
  }
}
