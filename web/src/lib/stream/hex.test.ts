import { describe, expect, it } from 'vitest';
import { bytesOf, hexLines, textOf } from './hex.ts';

describe('bytes of a letter', () => {
  it('are lines of sixteen with their place, and dots for what cannot be printed', () => {
    const bytes = bytesOf(btoa('{"id":1}\x00\xff, and more'));
    expect(hexLines(bytes)).toEqual([
      { at: '00000000', hex: '7b 22 69 64 22 3a 31 7d 00 ff 2c 20 61 6e 64 20', text: '{"id":1}.., and ' },
      { at: '00000010', hex: '6d 6f 72 65', text: 'more' },
    ]);
    expect(hexLines(new Uint8Array())).toEqual([]);
  });

  it('are text where they are UTF-8, and none where they are not', () => {
    expect(textOf(new TextEncoder().encode('ação'))).toBe('ação');
    expect(textOf(Uint8Array.of(0xff, 0xfe))).toBeNull();
  });
});
