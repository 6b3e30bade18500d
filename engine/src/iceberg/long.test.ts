import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { avroSchema, decodeAvro, encodeAvro } from './avro-file.ts';
import { exactJson, longOf, longOfText, parseExactJson } from './long.ts';

const edge = 2n ** 53n;
const edges = [0n, 1n, -1n, edge - 1n, edge, edge + 1n, 1n - edge, -edge, -edge - 1n, 2n ** 63n - 1n, -(2n ** 63n)];
const anyLong = fc.oneof(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), fc.constantFrom(...edges)).map(longOf);
const schema = avroSchema(
  JSON.stringify({
    type: 'record',
    name: 'r',
    fields: [
      { name: 'id', type: 'long' },
      { name: 'maybe', type: ['null', 'long'] },
    ],
  }),
);

describe('a 64-bit integer', () => {
  it('is a number as far as that is exact, else a bigint', () => {
    expect([longOf(edge - 1n), longOf(edge), longOf(-edge)]).toEqual([9007199254740991, edge, -edge]);
  });

  it('of a text is null when the text is none', () => {
    expect(['8999', '9007199254740993', '-1'].map(longOfText)).toEqual([8999, 9007199254740993n, -1]);
    expect(['', '1.5', 'x1', '9223372036854775808', '99999999999999999999'].map(longOfText)).toEqual(
      Array.from({ length: 5 }, () => null),
    );
  });
});

describe('JSON with exact integers', () => {
  it('gives every integer back with all its digits, wherever it stands', () => {
    const value = fc.record({ id: anyLong, list: fc.array(anyLong), text: fc.string() });
    fc.assert(
      fc.property(value, (one) => {
        expect(parseExactJson(exactJson(one))).toEqual(one);
      }),
    );
  });

  it('keeps integers of a file that another engine wrote', () => {
    const text =
      '{"current-snapshot-id":5843208173219847465,"refs":{"main":{"snapshot-id":5843208173219847465}},"t":1e300}';
    expect(parseExactJson(text)).toEqual({
      'current-snapshot-id': 5843208173219847465n,
      refs: { main: { 'snapshot-id': 5843208173219847465n } },
      t: 1e300,
    });
    expect(exactJson(parseExactJson(text))).toBe(text.replace('1e300', '1e+300'));
  });
});

describe('an Avro file', () => {
  it('gives back longs of any size, small ones as numbers', () => {
    const records = fc.array(fc.record({ id: anyLong, maybe: fc.option(anyLong) }));
    fc.assert(
      fc.property(records, (all) => {
        const bytes = encodeAvro(schema, all, {}, Buffer.alloc(16));
        expect(decodeAvro(bytes).records.map((record) => ({ ...(record as object) }))).toEqual(all);
      }),
    );
  });

  it.each([2 ** 52, 2 ** 52 + 1, 2 ** 53 - 1, -(2 ** 52), -(2 ** 52) - 1, 1 - 2 ** 53])('gives back %d', (id) => {
    const bytes = encodeAvro(schema, [{ id, maybe: null }], {}, Buffer.alloc(16));
    expect(decodeAvro(bytes).records).toMatchObject([{ id }]);
  });

  it('says what is wrong with a record that has no long', () => {
    expect(() => encodeAvro(schema, [{ id: 'x', maybe: null }], {}, Buffer.alloc(16))).toThrow(/invalid "long"/);
  });
});
