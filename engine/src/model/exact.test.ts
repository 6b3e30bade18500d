import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exp, log } from './exact.ts';

const bits = new DataView(new ArrayBuffer(8));
const hex = (value: number) => {
  bits.setFloat64(0, value);
  return bits.getBigUint64(0).toString(16);
};
/** How many doubles lie between two of the same sign. */
function between(one: number, other: number): bigint {
  bits.setFloat64(0, one);
  const first = bits.getBigInt64(0);
  bits.setFloat64(0, other);
  const apart = first - bits.getBigInt64(0);
  return apart < 0n ? -apart : apart;
}

describe('arithmetic that is the same everywhere', () => {
  it('has these very bits, on every platform', () => {
    const points = [-745.1, -36.7, -1.25, -0.3, 1e-9, 0.1, 0.7, 1, 2.5, 88.3, 709.7];
    expect(points.map((x) => hex(exp(x)))).toMatchInlineSnapshot(`
      [
        "1",
        "3ca0998b04bdd190",
        "3fd25618372a584f",
        "3fe7b4c869c37c05",
        "3ff000000044b830",
        "3ff1aec7b35a00d4",
        "40001c2a61268987",
        "4005bf0a8b14576a",
        "40285d6fd931e0bb",
        "47e4f74482fc973e",
        "7fed75ae7a50ee14",
      ]
    `);
    expect([5e-324, 1e-15, 0.1, 0.5, 0.7, 0.999, 1.5, 2, 10, 1e300].map((x) => hex(log(x)))).toMatchInlineSnapshot(`
      [
        "c0874385446d71c3",
        "c04144f69ff9ffc4",
        "c0026bb1bbb55515",
        "bfe62e42fefa39ef",
        "bfd6d3c324e13f50",
        "bf5064670d979b73",
        "3fd9f323ecbf984c",
        "3fe62e42fefa39ef",
        "40026bb1bbb55516",
        "4085963447f87fb5",
      ]
    `);
  });

  it('is that of the platform but for its last bit', () => {
    fc.assert(
      fc.property(fc.double({ min: -745, max: 709.7, noNaN: true }), (x) => between(exp(x), Math.exp(x)) <= 1n),
      { numRuns: 20_000 },
    );
    fc.assert(
      fc.property(fc.double({ min: 5e-324, noNaN: true }), (x) => between(log(x), Math.log(x)) <= 1n),
      { numRuns: 20_000 },
    );
  });

  it('knows the ends', () => {
    const ends = [-Infinity, -800, -0, 0, 710, Infinity, NaN];
    expect(ends.map(exp)).toEqual(ends.map(Math.exp));
    expect([-1, -0, 0, 1, Infinity, NaN].map(log)).toEqual([-1, -0, 0, 1, Infinity, NaN].map(Math.log));
  });
});
