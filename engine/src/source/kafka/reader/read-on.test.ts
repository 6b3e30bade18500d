import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clusterOf, partitionOf } from '../testing/broker.ts';
import type { Portion } from './reader.ts';
import { readOn } from './reader.ts';

const spec = { topic: 't' };

/**
 * What is read of all partitions, in the order in which it comes, while errors are answered as `errors` says. The last
 * `kept` portions are not looked at yet.
 */
async function readAll(sizes: readonly (readonly number[])[], errors: readonly number[], pauseMs = 0, kept = 0) {
  const partitions = sizes.map(partitionOf);
  const left = [...errors];
  const got = sizes.map((): string[] => []);
  const held: Portion[] = [];
  const look = () => {
    const portion = held.shift();
    for (const each of portion?.messages ?? [])
      for (let at = 0; at < each.length; at += 1) got[Number(portion?.lane)]?.push(String(each.value(at)));
    portion?.letGo();
  };
  await readOn({
    cluster: clusterOf(partitions, () => left.shift() ?? 0),
    spec,
    next: new Map(sizes.map((_, at) => [String(at), 0n])),
    isRead: (lane, next) => next >= (partitions[Number(lane)]?.end ?? 0n),
    async receive(portion) {
      held.push(portion);
      await sleep(pauseMs);
      while (held.length > kept) look();
    },
    signal: new AbortController().signal,
  });
  while (held.length > 0) look();
  return { got, wanted: partitions.map(({ end }) => Array.from({ length: Number(end) }, (_, at) => String(at))) };
}

describe('partitions that are read from their leaders', () => {
  it('R2 R3 give each message once and in order, whatever their brokers answer in between', async () => {
    const sizes = fc.array(fc.array(fc.integer({ min: 1, max: 4 }), { maxLength: 5 }), { minLength: 1, maxLength: 4 });
    const errors = fc.array(fc.constantFrom(0, 0, 0, 0, 6, 3, -1), { maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(sizes, errors, fc.constantFrom(0, 1), fc.nat(3), async (some, answered, pauseMs, kept) => {
        const failures = answered.filter((error) => error !== 0).length;
        fc.pre(failures <= 2);
        const { got, wanted } = await readAll(some, answered, pauseMs, kept);
        expect(got).toEqual(wanted);
      }),
      { numRuns: 60 },
    );
  }, 60_000);

  it('R4 end with what does not pass', async () => {
    await expect(readAll([[1]], [29])).rejects.toThrow('the login may not read it');
    await expect(readAll([[1]], [1])).rejects.toThrow('does not have the offset');
  });

  it('are left at once when they are let go', async () => {
    const stop = new AbortController();
    const reading = readOn({
      cluster: clusterOf([partitionOf([1])], () => 0),
      spec,
      next: new Map([['0', 0n]]),
      receive: () => stop.abort(),
      signal: stop.signal,
    });
    await reading;
    expect(stop.signal.aborted).toBe(true);
  });
});
