import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { placeText } from '../extract/letter-line.ts';
import { PlaceBytes } from './place-bytes.ts';
import { messagesOf } from './reader/messages.ts';
import { batchesIn } from './reader/record-batch.ts';
import { batchBytes } from './testing/record-batch.ts';

const keys = fc.option(
  fc.oneof(
    fc.string({ unit: 'grapheme' }).map((text) => Buffer.from(text)),
    fc.uint8Array({ maxLength: 20 }).map((bytes) => Buffer.from(bytes)),
    fc.constantFrom('k"1', 'a\\b', 'ção', '\u0000', '\u007f', '').map((text) => Buffer.from(text)),
  ),
);
const bases = fc.oneof(
  fc.constantFrom(0n, 9n, 10n, 99_999n, 2n ** 52n - 1n, 2n ** 52n, 2n ** 62n),
  fc.bigInt(0n, 10n ** 12n),
);

describe('where a message was, as bytes', () => {
  it('is what it is as a text, whatever the key, the offset, the time and the topic, and in the room that it asks for', () => {
    fc.assert(
      fc.property(
        fc.array(keys, { minLength: 1, maxLength: 5 }),
        bases,
        fc.integer({ min: 0, max: 4e12 }),
        fc.option(fc.string(), { nil: undefined }),
        (some, base, time, topic) => {
          const sent = some.map((key, at) => ({ key, value: Buffer.from('{}'), delta: at, later: at >> 1 }));
          const [batch] = batchesIn(batchBytes(sent, { base, time }));
          if (!batch) throw new Error('no batch');
          const messages = messagesOf(batch, batch.records);
          const where = { partition: 3, ...(topic === undefined ? {} : { topic }) };
          const ends = new PlaceBytes(messages, where);
          for (let at = 0; at < messages.length; at += 1) {
            const key = messages.key(at)?.toString('utf8') ?? null;
            const isoTime = new Date(messages.time(at)).toISOString();
            const text = `,${placeText({ key, ...where, offset: messages.offsetText(at), time: isoTime })}`;
            const end = ends.of(at);
            const chunk = Buffer.alloc(end.mostBytes + 1);
            const behind = end.write(chunk, 1);
            expect(chunk.toString('utf8', 1, behind)).toBe(text);
            expect(behind).toBeLessThanOrEqual(chunk.length);
          }
        },
      ),
    );
  });
});
