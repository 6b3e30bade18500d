import { setTimeout as sleep } from 'node:timers/promises';
import type { Appended, LoggedUpdate, UpdateLog } from './update-log.ts';

const GIVE_UP_AFTER_MS = 10 * 60_000;
const passingClasses = new Set(['08', '53', '57', '40', '55']);

/** Waits for a database that is away. A batch whose commit answer was lost may be logged twice, which changes nothing. */
export async function appendPatiently(
  log: UpdateLog,
  notebookId: string,
  updates: readonly LoggedUpdate[],
  gaveUp: () => boolean,
): Promise<Appended> {
  const deadline = Date.now() + GIVE_UP_AFTER_MS;
  for (let waitMs = 50; ; waitMs = Math.min(waitMs * 2, 2_000)) {
    try {
      return await log.append(notebookId, updates);
    } catch (error) {
      if (!isPassing(error) || gaveUp() || Date.now() > deadline) throw error;
      await sleep(waitMs);
    }
  }
}

function isPassing(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = 'code' in error ? String(error.code) : '';
  return code === '' || code.startsWith('E') || passingClasses.has(code.slice(0, 2));
}
