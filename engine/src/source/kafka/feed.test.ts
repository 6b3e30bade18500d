import type { Admin } from 'kafkajs';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { Feed } from './feed.ts';
import { clusterOf, partitionOf } from './testing/broker.ts';
import type { FakePartition } from './testing/broker.ts';

const TOPIC = 't';

/** The texts of all messages, taken by `limits` in turn, where the last `kept` of what was taken are not written yet. */
async function takeAll(partitions: readonly FakePartition[], limits: readonly number[], kept: number) {
  const lanes = partitions.map((_, at) => String(at));
  const spans = partitions.map(({ end }, partition) => ({ partition, low: '0', high: String(end), offset: '0' }));
  const admin = { fetchTopicOffsets: () => Promise.resolve(spans), disconnect: () => Promise.resolve() };
  const line = { spec: { type: 'kafka', topic: TOPIC }, admin: admin as unknown as Admin } as const;
  const ends = new Map(partitions.map(({ end }, at) => [String(at), end]));
  const next = new Map(lanes.map((lane) => [lane, 0n]));
  const feed = new Feed({ ...line, cluster: clusterOf(partitions, () => 0) }, next, new Map(), ends);
  const got = lanes.map((): string[] => []);
  const waiting: Awaited<ReturnType<Feed['take']>>[number][] = [];
  const write = () => {
    const { lane, messages, letGo } = waiting.shift() ?? {};
    for (let at = 0; at < (messages?.length ?? 0); at += 1) got[Number(lane)]?.push(String(messages?.value(at)));
    letGo?.();
  };
  feed.begin();
  for (let turn = 0; lanes.some((lane) => feed.taken.get(lane) !== ends.get(lane)); turn += 1) {
    waiting.push(...(await feed.take(limits[turn % limits.length] ?? 1)));
    while (waiting.length > kept) write();
    await new Promise((resolve) => setImmediate(resolve));
  }
  while (waiting.length > 0) write();
  await feed.close();
  return got;
}

/** A feed of one partition that holds five messages, which is told that the partition ends at `told` once it read all. */
async function readOnWhileAsked(told: string) {
  const partition = partitionOf([2, 3]);
  const feed: Feed = new Feed(
    {
      spec: { type: 'kafka', topic: TOPIC },
      admin: {
        async fetchTopicOffsets() {
          feed.begin();
          for (let turn = 0; turn < 50; turn += 1) await new Promise((resolve) => setImmediate(resolve));
          return [{ partition: 0, low: '0', high: told, offset: '0' }];
        },
        disconnect: () => Promise.resolve(),
      } as unknown as Admin,
      cluster: clusterOf([partition], () => 0),
    },
    new Map([['0', 2n]]),
    new Map(),
    new Map([['0', 2n]]),
  );
  vi.spyOn(performance, 'now').mockReturnValue(performance.now() + 60_000); // it is time to ask
  try {
    return (await feed.take(9)).map(({ messages }) => messages.length);
  } finally {
    vi.restoreAllMocks();
    await feed.close();
  }
}

describe('a feed', () => {
  it('O2 takes an end that was told before it read on for no topic made anew', async () => {
    expect(await readOnWhileAsked('2')).toEqual([3]);
    await expect(readOnWhileAsked('1')).rejects.toThrow('it was made anew');
  });

  it('R3 keeps the bytes of messages until they are written, however they are taken', async () => {
    const sizes = fc.array(fc.array(fc.integer({ min: 1, max: 4 }), { maxLength: 6 }), { minLength: 1, maxLength: 3 });
    const limits = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(sizes, limits, fc.integer({ min: 0, max: 3 }), async (some, taken, kept) => {
        const partitions = some.map(partitionOf);
        const wanted = partitions.map(({ end }) => Array.from({ length: Number(end) }, (_, at) => String(at)));
        expect(await takeAll(partitions, taken, kept)).toEqual(wanted);
      }),
      { numRuns: 60 },
    );
  }, 60_000);
});
