import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fieldsAsTheyStand, jsonObject } from './json.ts';

describe('a message of JSON', () => {
  it.each([
    ['an object', '{"a":1,"b":{"c":[{"d":"x:y"}]}}', ['a', 'b']],
    ['with blanks behind its colons', '{ "a": 1.50, "b": "x" }', ['a', 'b']],
    ['with colons and quotes inside', '{"at":"12:30:00","q":"\\":\\" and : more"}', null],
    ['with times', '{"at":"2026-01-01T12:30:00Z"}', ['at']],
    ['with a name twice', '{"a":1,"a":2}', null],
    ['with a name twice deep inside', '{"a":[{"b":1,"b":2}]}', null],
    ['with a name twice, and a blank before its colon', '{"a" :1,"a":2,"s":"\\":"}', null],
    ['on two lines', '{"a":\n1}', null],
    ['without a field', '{}', null],
    ['that is a list', '[{"a":1}]', null],
    ['that is none', '{"a":1,}', null],
    ['with something behind it', '{"a":1} ', null],
    ['of broken bytes', Buffer.from([123, 34, 97, 34, 58, 34, 255, 34, 125]).toString('utf8'), null],
  ])('%s stands as it is, or is written anew', (_, text, names) => {
    expect(fieldsAsTheyStand(text)).toEqual(names);
  });

  it('is one column where it is no object, and keeps each digit', () => {
    expect(jsonObject('[1]')).toEqual({ value: [1] });
    expect(JSON.stringify(jsonObject('{"n":12345678901234567890.5}'))).toBe('{"n":12345678901234567890.5}');
    expect(() => jsonObject('{')).toThrow('not valid JSON');
  });

  it('never stands with a name twice, and always when it is written plainly', () => {
    const name = fc.constantFrom('a', 'b', '"', ':', '":', '" :', 'é');
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 3 },
        fc.constantFrom('1', 'null', '"x"', '":"', '"\\":"', '"\\" :"', '1.0'),
        fc.array(tie('value'), { maxLength: 3 }).map((all) => `[${all.join(',')}]`),
        tie('object'),
      ),
      object: fc
        .tuple(fc.array(fc.tuple(name, tie('value')), { maxLength: 4 }), fc.constantFrom(':', ' :', ': ', '\t:'))
        .map(([all, colon]) => `{${all.map(([key, each]) => JSON.stringify(key) + colon + String(each)).join(',')}}`),
    }));
    fc.assert(
      fc.property(fc.array(fc.tuple(name, value), { minLength: 1, maxLength: 4 }), (members) => {
        const text = `{${members.map(([key, each]) => `${JSON.stringify(key)}:${String(each)}`).join(',')}}`;
        const fields = fieldsAsTheyStand(text);
        if (fields === null) return;
        expect(fields).toEqual(Object.keys(jsonObject(text)));
        expect(JSON.stringify(jsonObject(text)).length).toBeGreaterThanOrEqual(
          text.replaceAll(/[ \t]|\.0/g, '').length,
        );
      }),
      { numRuns: 2_000 },
    );
  });
});
