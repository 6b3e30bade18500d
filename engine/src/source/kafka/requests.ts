import { createRequire } from 'node:module';

/** What kafkajs has of one connection: requests that wait until the broker, or those under way, let them go. */
export interface RequestQueue {
  readonly pending: readonly unknown[];
  scheduleCheckPendingRequests(): void;
}

const require = createRequire(import.meta.url);
const { prototype } = require('kafkajs/src/network/requestQueue/index.js') as { readonly prototype: RequestQueue };
const lookLater = prototype.scheduleCheckPendingRequests;

/**
 * kafkajs looks for requests that wait each millisecond, also when none does, with a timer of a time that is past: a process
 * that only waits for messages is never idle, and Node warns of the timer. A request that comes to wait is looked for anyway.
 */
export function restWhileNoneWaits(): void {
  prototype.scheduleCheckPendingRequests = function (this: RequestQueue) {
    if (this.pending.length > 0) lookLater.call(this);
  };
}
