import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createSameFields } from './same-fields.ts';

const names = ['id', 'paid', 'note'];
const same = createSameFields();
same.learn(names);
const among = (fields: ReturnType<typeof createSameFields>, text: string | Buffer) => {
  const bytes = Buffer.concat([Buffer.from('{"'), Buffer.from(text), Buffer.from('}"')]);
  return fields.of(bytes, 2, bytes.length - 2);
};
const told = (text: string | Buffer) => among(same, text);

describe('a message with the fields of those before it', () => {
  it.each([
    '{"id":1,"paid":true,"note":"x"}',
    '{"id":-0.50,"paid":null,"note":"São Paulo, \\"centro\\" \\\\"}',
    '{"id": 9007199254740993, "paid": false, "note": ""}',
  ])('is told by its bytes: %s', (text) => {
    expect(told(text)).toBe(names);
  });

  it.each([
    ['another field', '{"id":1,"paid":true,"note":"x","more":1}'],
    ['a field less', '{"id":1,"paid":true}'],
    ['another order', '{"paid":true,"id":1,"note":"x"}'],
    ['a name twice', '{"id":1,"id":2,"paid":true,"note":"x"}'],
    ['an object inside', '{"id":{"a":1},"paid":true,"note":"x"}'],
    ['an escape by number', '{"id":1,"paid":true,"note":"\\ud83d"}'],
    ['an escape that is none', '{"id":1,"paid":true,"note":"\\x"}'],
    ['a line break', '{"id":1,"paid":true,"note":"a\nb"}'],
    ['a number that begins with nothing', '{"id":01,"paid":true,"note":"x"}'],
    ['a number that ends with its point', '{"id":1.,"paid":true,"note":"x"}'],
    ['half a word', '{"id":1,"paid":tru,"note":"x"}'],
    ['something behind it', '{"id":1,"paid":true,"note":"x"}}'],
    ['broken bytes', Buffer.from('{"id":1,"paid":true,"note":"\xff"}', 'latin1')],
  ])('is not told with %s', (_, text) => {
    expect(told(text)).toBeNull();
  });

  it('is not told before fields were learned, nor where a name has to be escaped', () => {
    expect(among(createSameFields(), '{}')).toBeNull();
    const quoted = createSameFields();
    quoted.learn(['a"b']);
    expect(among(quoted, '{"a\\"b":1}')).toBeNull();
  });

  it('is JSON with these very fields, whatever bytes were changed in it', () => {
    const good = fc
      .tuple(
        fc.oneof(fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true })),
        fc.boolean(),
        fc.string({ unit: 'binary' }),
      )
      .map(([id, paid, note]) => Buffer.from(JSON.stringify({ id, paid, note })));
    const changes = fc.array(fc.tuple(fc.nat(), fc.oneof(fc.nat(255), fc.constantFrom(34, 44, 58, 92, 48, 46))), {
      maxLength: 3,
    });
    let seen = 0;
    fc.assert(
      fc.property(good, changes, (bytes, changed) => {
        for (const [at, byte] of changed) bytes[at % bytes.length] = byte;
        if (told(bytes) === null) return;
        seen += 1;
        const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
        expect(Object.keys(JSON.parse(text) as object)).toEqual(names);
        expect(text).not.toMatch(/[\r\n]/);
      }),
      { numRuns: 20_000 },
    );
    expect(seen).toBeGreaterThan(1_000);
  });
});
