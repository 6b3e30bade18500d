import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { boundOf } from './bound-value.ts';
import type { IceType } from './field-type.ts';
import type { ManifestEntry } from './manifest.ts';
import { filesWithin } from './prune.ts';

const fieldOf = (type: IceType) => ({ id: 7, name: 'k', required: false, type });

function entryOf(type: IceType, min: string, max: string): ManifestEntry {
  const bounds = (text: string, side: 'lower' | 'upper') => {
    const value = boundOf(type, text, side);
    return value === null ? [] : [{ key: 7, value }];
  };
  const file = { lower_bounds: bounds(min, 'lower'), upper_bounds: bounds(max, 'upper') };
  return { data_file: file } as unknown as ManifestEntry;
}

const isIn = (type: IceType, file: readonly [string, string], looked: readonly [string, string]) =>
  filesWithin([entryOf(type, ...file)], [fieldOf(type)], [{ column: 'K', min: looked[0], max: looked[1] }]).length ===
  1;

describe('filesWithin', () => {
  it.each<[IceType, string, string, string, string]>([
    ['int', '-5', '9', '10', '12'],
    ['long', '-9007199254740995', '-9007199254740994', '-9007199254740993', '5'],
    ['date', '2026-01-01', '2026-01-31', '2026-02-01', '2026-02-01'],
    ['timestamp', '2026-01-01 00:00:00', '2026-01-01 23:59:59.999999', '2026-01-02 00:00:00', '2026-01-02 01:00:00'],
    ['timestamptz', '2026-01-01 00:00:00+00', '2026-01-01 23:00:00+00', '2026-01-01 23:00:01', '2026-01-02 00:00:00'],
    ['string', 'a', 'ba', 'bb', 'z'],
    ['double', '-inf', '1.5', '1.6', '2'],
    ['decimal(9, 2)', '-1.28', '1.27', '1.28', '300'],
    ['decimal(9, 2)', '-300', '-2', '-1.99', '0'],
  ])('%s: leaves out what lies beside, on either side, and keeps what touches', (type, a, b, c, d) => {
    expect([isIn(type, [a, b], [c, d]), isIn(type, [c, d], [a, b])]).toEqual([false, false]);
    expect([isIn(type, [a, c], [c, d]), isIn(type, [b, d], [a, b]), isIn(type, [a, d], [b, c])]).toEqual([
      true,
      true,
      true,
    ]);
  });

  it('keeps files whose bounds are missing, or say nothing', () => {
    expect(isIn('double', ['0', 'nan'], ['-3', '-2'])).toBe(false);
    expect(isIn('double', ['0', 'nan'], ['3', '4'])).toBe(true);
    expect([isIn('double', ['1', '3'], ['5', 'nan']), isIn('float', ['1', '3'], ['nan', 'nan'])]).toEqual([true, true]);
    expect(isIn('string', ['a', 'b'], ['nan', 'nan'])).toBe(false);
    expect(isIn('date', ['-infinity', 'infinity'], ['2026-01-01', '2026-01-01'])).toBe(true);
    expect(
      isIn('uuid', ['c0ffee00-0000-4000-8000-000000000001', 'c0ffee00-0000-4000-8000-000000000001'], ['0', '1']),
    ).toBe(true);
    const other = [{ column: 'unknown', min: '1', max: '1' }];
    expect(filesWithin([entryOf('int', '5', '6')], [fieldOf('int')], other)).toHaveLength(1);
  });

  it('never leaves out a file that holds what is looked for, long texts too', () => {
    const text = fc.string({ unit: 'binary', minLength: 0, maxLength: 40 }).filter((value) => value.isWellFormed());
    const byBytes = (a: string, b: string) => Buffer.compare(Buffer.from(a), Buffer.from(b));
    fc.assert(
      fc.property(
        fc.array(text, { minLength: 1, maxLength: 5 }),
        fc.array(text, { maxLength: 3 }),
        fc.nat(),
        (held, more, at) => {
          const shared = held[at % held.length] ?? '';
          const ends = (values: readonly string[]): [string, string] => {
            const sorted = values.toSorted(byBytes);
            return [sorted[0] ?? '', sorted.at(-1) ?? ''];
          };
          expect(isIn('string', ends(held), ends([...more, shared]))).toBe(true);
        },
      ),
    );
  });
});
