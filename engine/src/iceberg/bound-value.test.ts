import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { boundOf } from './bound-value.ts';
import type { IceType } from './field-type.ts';

const hex = (type: IceType, text: string, side: 'lower' | 'upper' = 'lower'): string | undefined =>
  boundOf(type, text, side)?.toString('hex');

describe('boundOf', () => {
  it('writes every primitive type in the form of the specification', () => {
    expect(hex('boolean', 'true')).toBe('01');
    expect(hex('boolean', '0')).toBe('00');
    expect(hex('int', '-2')).toBe('feffffff');
    expect(hex('long', '9007199254740993')).toBe('0100000000002000');
    expect(hex('float', '1.5')).toBe('0000c03f');
    expect(hex('double', '1.5')).toBe('000000000000f83f');
    expect(hex('double', '-infinity')).toBe('000000000000f0ff');
    expect(hex('date', '1970-01-02')).toBe('01000000');
    expect(hex('date', '1969-12-31')).toBe('ffffffff');
    expect(hex('date', '0044-03-15')).toBe('6944f5ff');
    expect(hex('time', '00:00:01.5')).toBe('60e3160000000000');
    expect(hex('timestamp', '1970-01-01 00:00:00.000001')).toBe('0100000000000000');
    expect(hex('timestamptz', '1970-01-01 02:00:00+02')).toBe('0000000000000000');
    expect(hex('timestamptz', '1969-12-31 23:59:59.999999+00')).toBe('ffffffffffffffff');
    expect(hex('uuid', 'c0ffee00-0000-4000-8000-000000000001')).toBe('c0ffee00000040008000000000000001');
    expect(hex('binary', 'AA00')).toBe('aa00');
    expect(hex('string', 'olá')).toBe(Buffer.from('olá').toString('hex'));
  });

  it('writes decimals unscaled, big-endian, in the fewest bytes', () => {
    expect(hex('decimal(9, 2)', '1.27')).toBe('7f');
    expect(hex('decimal(9, 2)', '1.28')).toBe('0080');
    expect(hex('decimal(9, 2)', '-1.28')).toBe('80');
    expect(hex('decimal(9, 2)', '-0.01')).toBe('ff');
    expect(hex('decimal(9, 2)', '.5')).toBe('32');
    expect(hex('decimal(38, 0)', '99999999999999999999999999999999999999')).toBe('4b3b4ca85a86c47a098a223fffffffff');
  });

  it('makes a zero the one that is outermost', () => {
    expect(hex('double', '0.0', 'lower')).toBe('0000000000000080');
    expect(hex('double', '-0.0', 'upper')).toBe('0000000000000000');
  });

  it('has no bound for what cannot be read exactly', () => {
    expect(boundOf('date', 'infinity', 'upper')).toBeNull();
    expect(boundOf('timestamp', '-infinity', 'lower')).toBeNull();
    expect(boundOf('date', '0044-03-15 (BC)', 'lower')).toBeNull();
    expect(boundOf('double', 'nan', 'upper')).toBeNull();
    expect(boundOf({ type: 'struct', fields: [] }, '1', 'lower')).toBeNull();
  });

  it('cuts text to 16 characters, and lifts the last of an upper bound', () => {
    const text = (value: string, side: 'lower' | 'upper') => boundOf('string', value, side)?.toString('utf8');
    expect(text('abcdefghijklmnopq', 'lower')).toBe('abcdefghijklmnop');
    expect(text('abcdefghijklmnopq', 'upper')).toBe('abcdefghijklmnoq');
    expect(text('abcdefghijklmnop', 'upper')).toBe('abcdefghijklmnop');
    expect(text(`${'😀'.repeat(16)}x`, 'lower')).toBe('😀'.repeat(16));
    expect(text(`${'a'.repeat(15)}\u{10ffff}x`, 'upper')).toBe(`${'a'.repeat(14)}b`);
    expect(text(`${'a'.repeat(15)}\ud7ffx`, 'upper')).toBe(`${'a'.repeat(15)}\ue000`);
    expect(text(`${'\u{10ffff}'.repeat(17)}`, 'upper')).toBeUndefined();
    expect(hex('binary', `${'ff'.repeat(15)}01aa`, 'upper')).toBe(`${'ff'.repeat(15)}02`);
    expect(hex('binary', `aa${'ff'.repeat(16)}`, 'upper')).toBe('ab');
    expect(hex('binary', 'ff'.repeat(17), 'upper')).toBeUndefined();
  });

  it('never cuts a value out: lower ≤ value ≤ upper in byte order', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (value) => {
        const bytes = Buffer.from(value, 'utf8');
        const [lower, upper] = [boundOf('string', value, 'lower'), boundOf('string', value, 'upper')];
        expect(lower && Buffer.compare(lower, bytes)).toBeLessThanOrEqual(0);
        if (upper) expect(Buffer.compare(upper, bytes)).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  it('keeps the value of any decimal', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 38n), max: 10n ** 38n }), (value) => {
        const bytes = boundOf('decimal(38, 0)', String(value), 'lower') ?? Buffer.alloc(0);
        expect(BigInt.asIntN(bytes.length * 8, BigInt(`0x${bytes.toString('hex')}`))).toBe(value);
      }),
    );
  });
});
