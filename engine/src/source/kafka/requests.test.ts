import { createRequire } from 'node:module';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import type { RequestQueue } from './requests.ts';
import { restWhileNoneWaits } from './requests.ts';

interface Queue extends RequestQueue {
  readonly throttleCheckTimeoutId: unknown;
  push(request: object): void;
  fulfillRequest(answer: object): void;
  maybeThrottle(ms: number): void;
  destroy(): void;
}
type Made = new (options: object) => Queue;

const Queues = createRequire(import.meta.url)('kafkajs/src/network/requestQueue/index.js') as Made;
const quiet = { debug: () => {}, warn: () => {} };
const sent: number[] = [];
const opened: Queue[] = [];

function aQueue(): Queue {
  const queue = new Queues({ maxInFlightRequests: 1, requestTimeout: 30_000, logger: quiet });
  opened.push(queue);
  return queue;
}

function push(queue: Queue, correlationId: number): void {
  const entry = { correlationId, apiKey: 1, apiName: 'Fetch', apiVersion: 10, resolve: () => {}, reject: () => {} };
  queue.push({ entry, expectResponse: true, sendRequest: () => sent.push(correlationId) });
}

const answer = (queue: Queue, correlationId: number) =>
  queue.fulfillRequest({ correlationId, payload: Buffer.alloc(0), size: 0 });

describe('requests to a broker', () => {
  restWhileNoneWaits();
  afterEach(() => {
    for (const queue of opened.splice(0)) queue.destroy();
    sent.length = 0;
  });

  it('are not looked for while none waits', () => {
    const queue = aQueue();
    push(queue, 1);
    answer(queue, 1);
    expect([sent, queue.throttleCheckTimeoutId]).toEqual([[1], null]);
  });

  it('that wait go when the one before is answered', () => {
    const queue = aQueue();
    push(queue, 1);
    push(queue, 2);
    expect(sent).toEqual([1]);
    answer(queue, 1);
    expect(sent).toEqual([1, 2]);
  });

  it('that a broker holds up go when it lets them, also where none waited when it said so', async () => {
    const queue = aQueue();
    queue.maybeThrottle(30);
    push(queue, 1);
    expect(sent).toEqual([]);
    while (sent.length === 0) await sleep(5);
    expect(sent).toEqual([1]);
  });
});
