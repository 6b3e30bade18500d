import { appendFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { LineageSink } from '@datacraft/engine';

const TRIES = 3;
const TIMEOUT_MS = 5_000;
const MOST_WAITING = 10_000;

export interface SinkDeps {
  /** Told once for each event that could not be delivered; a run never fails for it. */
  onLost(reason: string): void;
  readonly pauseMs?: number;
  /** Who tells: an address of this DataCraft. */
  readonly producer: string;
}

/** Sends OpenLineage events in their order to an `http(s)://` address, or appends them to a `file://`, a line each. */
export function createLineageSink(target: string, { onLost, pauseMs = 500, producer }: SinkDeps): LineageSink {
  const deliver = target.startsWith('file:') ? appendTo(fileURLToPath(target)) : postTo(target);
  let queue: Promise<void> = Promise.resolve();
  let waiting = 0;
  const attempt = async (text: string) => {
    for (let tried = 1; ; tried += 1) {
      try {
        return await deliver(text);
      } catch (error) {
        if (tried >= TRIES) return onLost(error instanceof Error ? error.message : String(error));
        await sleep(pauseMs * tried);
      }
    }
  };
  return {
    producer,
    send: (event) => {
      if (waiting >= MOST_WAITING) return onLost(`${waiting} events wait already`);
      waiting += 1;
      queue = queue.then(() => attempt(JSON.stringify(event))).finally(() => (waiting -= 1));
    },
    flush: () => queue,
  };
}

function appendTo(path: string): (text: string) => Promise<void> {
  return (text) => appendFile(path, `${text}\n`);
}

function postTo(url: string): (text: string) => Promise<void> {
  return async (body) => {
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(url, { method: 'POST', headers, body, signal: AbortSignal.timeout(TIMEOUT_MS) });
    await response.arrayBuffer();
    if (!response.ok) throw new Error(`the receiver answered ${response.status}`);
  };
}
