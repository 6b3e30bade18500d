import { open } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { isErrorCode } from './lake-fault.ts';

/** Often enough that little is left when the writer is done. */
const EVERY_MS = 200;

/** Lets the disk take what `work` has written to `path` so far while it goes on computing: the last sync is then short. */
export async function withWriteBack<Result>(path: string, work: () => Promise<Result>): Promise<Result> {
  const done = new AbortController();
  const writing = writeBack(path, done.signal);
  try {
    return await work();
  } finally {
    done.abort();
    await writing;
  }
}

/** Only a head start: what fails here fails again, and is told, where the finished file is synced. */
async function writeBack(path: string, done: AbortSignal): Promise<void> {
  try {
    for (;;) {
      await sleep(EVERY_MS, undefined, { signal: done });
      await syncSoFar(path);
    }
  } catch (error) {
    if (!done.aborted && !isErrorCode(error, 'EIO', 'ENOSPC', 'EACCES', 'EPERM', 'EISDIR', 'EMFILE')) throw error;
  }
}

async function syncSoFar(path: string): Promise<void> {
  try {
    const file = await open(path, 'r');
    await file.datasync().finally(() => file.close());
  } catch (error) {
    if (!isErrorCode(error, 'ENOENT')) throw error;
  }
}
