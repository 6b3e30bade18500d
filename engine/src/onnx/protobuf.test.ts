import { describe, expect, it } from 'vitest';
import { Message, varint } from './protobuf.ts';

describe('the wire of Protocol Buffers', () => {
  it('writes numbers seven bits at a time, negative ones as ten bytes', () => {
    expect([...varint(0)]).toEqual([0]);
    expect([...varint(300)]).toEqual([0xac, 0x02]);
    expect([...varint(-1)]).toEqual([...new Array<number>(9).fill(0xff), 0x01]);
    expect([...varint(Number.MAX_SAFE_INTEGER)]).toHaveLength(8);
  });

  it('writes fields in the order they are told, texts and messages with their length', () => {
    const inner = new Message().int(1, 150);
    const message = new Message().text(2, 'testing').message(3, inner).ints(4, [3, 270, 86942]);
    expect(Buffer.from(message.finish()).toString('hex')).toBe('120774657374696e671a03089601' + '2206038e029ea705');
  });
});
