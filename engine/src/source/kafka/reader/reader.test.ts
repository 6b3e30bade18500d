import { gzipSync, zstdCompressSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { unpacked } from '../codec/unpack.ts';
import { batchBytes, endBytes } from '../testing/record-batch.ts';
import { fetchedIn, fetchQuestion } from './fetch.ts';
import { createFrames, giveBack } from './frames.ts';
import { messagesOf } from './messages.ts';
import { batchesIn } from './record-batch.ts';
import { visible } from './visible.ts';

const text = (value: string) => ({ value: Buffer.from(value) });
const allOf = async (bytes: Buffer) => {
  const found = [];
  for (const batch of batchesIn(bytes)) {
    const messages = messagesOf(batch, await unpacked(batch.codec, batch.records));
    for (let at = 0; at < messages.length; at += 1) found.push(messages.at(at));
  }
  return found;
};

describe('a batch of records', () => {
  it('has each with its offset, time, key, value and headers, none of them too', async () => {
    const bytes = batchBytes(
      [
        { ...text('a'), key: Buffer.from('k') },
        { value: null, later: -5, delta: 7 },
        {
          value: Buffer.alloc(0),
          later: 3_000_000_000,
          delta: 9,
          headers: [
            ['h', Buffer.from('1')],
            ['n', null],
            ['h', Buffer.from('2')],
            ['__proto__', Buffer.from('3')],
          ],
        },
      ],
      { base: 9_007_199_254_740_993n, time: 1_000 },
    );
    expect(await allOf(bytes)).toMatchObject([
      { offset: '9007199254740993', timestamp: '1000', key: Buffer.from('k'), value: Buffer.from('a'), headers: {} },
      { offset: '9007199254741000', timestamp: '995', key: null, value: null },
      { offset: '9007199254741002', timestamp: '3000001000', value: Buffer.alloc(0) },
    ]);
    const { headers } = (await allOf(bytes))[2] ?? { headers: {} };
    expect(Object.entries(headers)).toEqual([
      ['h', [Buffer.from('1'), Buffer.from('2')]],
      ['n', null],
      ['__proto__', Buffer.from('3')],
    ]);
  });

  it('has the time of its broker where that is asked for', async () => {
    const bytes = batchBytes([text('a'), { ...text('b'), later: 3 }], { time: 5, maxTime: 77, attributes: 8 });
    expect((await allOf(bytes)).map(({ timestamp }) => timestamp)).toEqual(['77', '77']);
  });

  it.each([
    ['gzip', 1, gzipSync],
    ['zstd', 4, zstdCompressSync],
  ])('is read where it is compressed with %s', async (_, attributes, pack) => {
    const found = await allOf(batchBytes([text('a'), text('b')], { attributes, pack }));
    expect(found.map(({ value }) => value?.toString())).toEqual(['a', 'b']);
  });

  it('is left for the next answer where it is cut off', () => {
    const bytes = Buffer.concat([batchBytes([text('a')]), batchBytes([text('b')], { base: 1n })]);
    for (let end = bytes.length / 2; end < bytes.length; end += 1)
      expect(batchesIn(bytes.subarray(0, end)).map(({ baseOffset }) => baseOffset)).toEqual([0n]);
    expect(batchesIn(bytes).map(({ lastOffset }) => lastOffset)).toEqual([0n, 1n]);
  });

  it('of a format from before 0.11 is refused', () => {
    const bytes = batchBytes([text('a')]);
    bytes[16] = 1;
    expect(() => batchesIn(bytes)).toThrow('before Kafka 0.11');
  });

  it('that is damaged is an error or other messages, never bytes beside it', () => {
    const good = batchBytes([text('abc'), { ...text('d'), key: Buffer.from('k') }]);
    fc.assert(
      fc.property(fc.integer({ min: 57, max: good.length - 1 }), fc.nat(255), (at, byte) => {
        const bytes = Buffer.from(good);
        bytes[at] = byte;
        for (const batch of batchesIn(bytes)) {
          let messages;
          try {
            messages = messagesOf(batch, batch.records);
          } catch (error) {
            expect(String(error)).toContain('is damaged');
            continue;
          }
          for (let index = 0; index < messages.length; index += 1)
            expect(messages.valueTo(index)).toBeLessThanOrEqual(batch.records.length);
        }
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('what readers of committed messages see', () => {
  const own = (base: bigint, producerId: bigint) =>
    batchBytes([text(`${producerId}@${base}`)], { base, producerId, attributes: 16 });
  const seen = (bytes: Buffer, aborted: readonly (readonly [bigint, bigint])[]) =>
    visible(
      batchesIn(bytes),
      aborted.map(([producerId, firstOffset]) => ({ producerId, firstOffset })),
    ).map(({ baseOffset }) => Number(baseOffset));

  it('is neither a mark nor a transaction that was aborted, of whichever producers were at work at once', () => {
    const bytes = Buffer.concat([
      own(0n, 1n),
      own(1n, 2n),
      batchBytes([text('plain')], { base: 2n, producerId: 1n }),
      endBytes('commit', 3n, 2n),
      own(4n, 2n),
      endBytes('abort', 5n, 1n),
      own(6n, 1n),
      endBytes('commit', 7n, 1n),
      endBytes('abort', 8n, 2n),
      own(9n, 2n),
    ]);
    expect(seen(bytes, [])).toEqual([0, 1, 2, 4, 6, 9]);
    const aborted = [
      [2n, 4n],
      [1n, 0n],
    ] as const;
    expect(seen(bytes, aborted)).toEqual([1, 2, 6, 9]);
  });
});

describe('an answer of a broker', () => {
  it('is taken apart into its partitions', () => {
    const batches = batchBytes([text('a')]);
    const i32 = (value: number) => Buffer.from(Uint32Array.of(value >>> 0).buffer).reverse();
    const i64 = (value: bigint) => Buffer.from(BigInt64Array.of(value).buffer).reverse();
    const name = Buffer.concat([Buffer.from([0, 3]), Buffer.from('São').subarray(0, 3)]);
    const part = (id: number, aborted: Buffer[], bytes: Buffer) => [
      i32(id),
      Buffer.from([0, id]),
      i64(42n),
      i64(41n),
      i64(40n),
      i32(aborted.length / 2),
      ...aborted,
      i32(bytes.length),
      bytes,
    ];
    const whole = Buffer.concat([
      Buffer.alloc(10),
      i32(1),
      name,
      i32(2),
      ...part(0, [i64(7n), i64(9n)], batches),
      ...part(6, [], Buffer.alloc(0)),
    ]);
    expect(fetchedIn(whole)).toMatchObject([
      { topic: 'Sã', partition: 0, errorCode: 0, high: 42n, aborted: [{ producerId: 7n, firstOffset: 9n }], batches },
      { partition: 6, errorCode: 6, aborted: [], batches: Buffer.alloc(0) },
    ]);
    expect(() => fetchedIn(whole.subarray(0, 20))).toThrow(RangeError);
    whole[5] = 7;
    expect(() => fetchedIn(whole)).toThrow('took too long');
  });

  it('is asked for by topics, each once', () => {
    const limits = { waitMs: 500, bytes: 1_000, bytesOfPartition: 100 };
    const wanted = ['a', 'b', 'a'].map((topic, partition) => ({ topic, partition, offset: 5n }));
    const { bytes } = fetchQuestion(wanted, limits);
    expect(bytes.readInt32BE(25)).toBe(2);
    expect(bytes.length).toBe(29 + 2 * (3 + 4) + 3 * 28 + 4);
  });

  it('is whole however it comes in pieces', () => {
    const sizes = fc.array(fc.oneof(fc.nat(40), fc.constantFrom(0, 262_139, 300_000)), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(sizes, fc.infiniteStream(fc.integer({ min: 1, max: 99_999 })), (bodies, cuts) => {
        const frames = bodies.map((size, at) => {
          const frame = Buffer.alloc(4 + size, at + 1);
          frame.writeInt32BE(size);
          return frame;
        });
        const given: Buffer[] = [];
        const take = createFrames((frame) => given.push(Buffer.from(frame)));
        const all = Buffer.concat(frames);
        for (let at = 0; at < all.length;) {
          const end = at + (cuts.next().value ?? 1);
          take(all.subarray(at, end));
          at = end;
        }
        expect(given.length).toBe(frames.length);
        expect(Buffer.concat(given).equals(all)).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  it('lie where a large one lay that was given back, and nowhere else', () => {
    const given: Buffer[] = [];
    const take = createFrames((frame) => given.push(frame), 8);
    const answer = (text: string) => {
      const head = Buffer.alloc(4);
      head.writeInt32BE(text.length);
      take(Buffer.concat([head, Buffer.from(text)]));
      return given.at(-1) ?? head;
    };
    const [first, second] = [answer('the first'), answer('the second')];
    expect(second.buffer).not.toBe(first.buffer);
    giveBack(first.subarray(5));
    giveBack(first);
    const third = answer('the third');
    expect(third.buffer).toBe(first.buffer);
    expect(answer('the fourth').buffer).not.toBe(third.buffer);
    expect([second, third].map((each) => each.toString('utf8', 4))).toEqual(['the second', 'the third']);
  });
});
