import { describe, expect, it } from 'vitest';
import { columnChange, lostOf } from './column-change.ts';

const columns = (text: string) =>
  text.split(' ').map((each) => {
    const [name = '', type = null] = each.split(':');
    return { name, type };
  });
const change = (before: string, after: string) => columnChange(columns(before), columns(after));

describe('a change of columns', () => {
  it.each([
    ['a:INTEGER b:VARCHAR', 'a:INTEGER b:VARCHAR', []],
    ['a:INTEGER', 'a:INTEGER b:VARCHAR', []],
    ['a:INTEGER b:VARCHAR', 'b:VARCHAR a:INTEGER', []],
    ['a:INTEGER b:VARCHAR', 'a:INTEGER', ['t.b']],
    ['a:INTEGER', 'a:VARCHAR', ['t.a']],
    ['a:INTEGER', 'a', []],
    ['a:INTEGER', 'c:INTEGER', ['t.a']],
  ])('from %s to %s loses %j', (before, after, expected) => {
    expect(lostOf('t', change(before, after))).toEqual(expected);
  });

  it('names what is gone, new and of another type', () => {
    expect(change('a:INTEGER b:DATE', 'b:VARCHAR c')).toEqual({ added: ['c'], removed: ['a'], retyped: ['b'] });
  });
});
