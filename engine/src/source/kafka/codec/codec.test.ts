import { describe, expect, it } from 'vitest';
import { unlz4 } from './lz4.ts';
import { unsnap } from './snappy.ts';

const bytes = (...parts: (number | string)[]) =>
  Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : Buffer.from([part]))));
const u32 = (value: number, big: boolean) => {
  const four = Buffer.alloc(4);
  if (big) four.writeUInt32BE(value);
  else four.writeUInt32LE(value);
  return four;
};

/** `abcabcabcabcxy`: a literal of three, a copy that reads what it writes, a literal of two. */
const block = bytes(14, 2 << 2, 'abc', (5 << 2) | 1, 3, 1 << 2, 'xy');
const frame = (...blocks: Buffer[]) =>
  Buffer.concat([
    u32(0x184d2204, false),
    bytes(0x60, 0x40, 0),
    ...blocks.flatMap((each) => [u32(each.length, false), each]),
    u32(0, false),
  ]);
/** The same: literals of three, a match of nine at three, literals of two. */
const lz4Block = bytes(0x35, 'abc', 3, 0, 0x20, 'xy');

describe('snappy', () => {
  it('is read raw, and in the framing of the Java library', () => {
    expect(unsnap(block).toString()).toBe('abcabcabcabcxy');
    const framed = Buffer.concat([
      bytes(0x82, 'SNAPPY', 0),
      u32(1, true),
      u32(1, true),
      u32(block.length, true),
      block,
      u32(block.length, true),
      block,
    ]);
    expect(unsnap(framed).toString()).toBe('abcabcabcabcxyabcabcabcabcxy');
  });
});

describe('lz4', () => {
  it('is read in its frames, block by block', () => {
    expect(unlz4(frame(lz4Block)).toString()).toBe('abcabcabcabcxy');
    expect(unlz4(frame(lz4Block, bytes(0x10, 'z'))).toString()).toBe('abcabcabcabcxyz');
    const plain = Buffer.from('as it is');
    const uncompressed = Buffer.concat([
      u32(0x184d2204, false),
      bytes(0x60, 0x40, 0),
      u32((0x80000000 + plain.length) >>> 0, false),
      plain,
      u32(0, false),
    ]);
    expect(unlz4(uncompressed).toString()).toBe('as it is');
  });
});

describe('a damaged batch', () => {
  it('is an error, never a wait or memory of others, whichever byte is wrong', () => {
    for (const [good, read] of [
      [block, unsnap],
      [frame(lz4Block), unlz4],
    ] as const) {
      for (let at = 0; at < good.length; at += 1) {
        for (const wrong of [0, 0x7f, 0xff]) {
          const bad = Buffer.from(good);
          bad[at] = wrong;
          const outcome = (() => {
            try {
              return read(bad).length;
            } catch (error) {
              return error instanceof Error ? error.name : 'nothing';
            }
          })();
          expect(typeof outcome === 'number' ? outcome < 1_000 : outcome === 'Error' || outcome === 'RangeError').toBe(
            true,
          );
        }
        expect(() => read(good.subarray(0, at))).toThrow();
      }
    }
  });
});
