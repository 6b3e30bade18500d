import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bindParameters } from './bind.ts';
import { withEngineSpaces } from './engine-spaces.ts';
import { byteOffsetToOffset, offsetToLineColumn } from './position.ts';
import { quoteIdentifier, quoteLiteral } from './quote.ts';
import { scanParameters } from './scan.ts';

const names = (sql: string): string[] => scanParameters(sql).map((token) => token.name);

describe('scanParameters', () => {
  it('finds names with their half-open offsets', () => {
    expect(scanParameters('a >= $min_amount')).toEqual([{ name: 'min_amount', start: 5, end: 16 }]);
  });

  it.each([
    ["select '$a', $b", ['b']],
    ["select 'it''s $a', $b", ['b']],
    ["select E'it\\'s $a', $b", ['b']],
    ["select 'back\\', $b", ['b']],
    ['select "col $a", $b', ['b']],
    ['select "a""$a", $b', ['b']],
    ['select 1 -- $a\n, $b', ['b']],
    ['select 1 -- $a\r, $b', ['b']],
    ['select 1 /* $a /* $c */ $d */, $b', ['b']],
    ['select $$ $a $$, $b', ['b']],
    ['select $tag$ $a $x$ $tag$, $b', ['b']],
    ['select $1, $b', ['b']],
    ['select foo$a, $b', ['b']],
    ['select 1$a, $b', ['b']],
    ['select $a::int + $b.c', ['a', 'b']],
    ['where x in $a and y=$b', ['a', 'b']],
    ["select e, 'x', $b", ['b']],
    ['select $é_1', ['é_1']],
    ["select '$a", []],
    ['select $a$ $b', []],
    ['select /* $a', []],
    ['$', []],
  ])('%s', (sql, expected) => {
    expect(names(sql)).toEqual(expected);
  });

  it('ends and keeps tokens in order for any text', () => {
    const piece = fc.constantFrom("'", '"', '$', '$$', '$a', '$t$', '--', '\n', '/*', '*/', 'E', 'x', ' ', '\\', '😀');
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        const sql = pieces.join('');
        let last = 0;
        for (const token of scanParameters(sql)) {
          expect(token.start).toBeGreaterThanOrEqual(last);
          expect(sql.slice(token.start, token.end)).toBe(`$${token.name}`);
          last = token.end;
        }
      }),
    );
  });
});

describe('bindParameters', () => {
  it('replaces parameters by variables and names each once', () => {
    const bound = bindParameters("select $a, '$a', $b, $a", (name) => `p_${name}`);
    expect(bound.sql).toBe("select getvariable('p_a'), '$a', getvariable('p_b'), getvariable('p_a')");
    expect(bound.variables).toEqual(['p_a', 'p_b']);
  });

  it('maps offsets after a parameter to where they were written', () => {
    const sql = 'select $a, foo';
    const bound = bindParameters(sql);
    expect(bound.toOriginal(bound.sql.indexOf('foo'))).toBe(sql.indexOf('foo'));
    expect(bound.toOriginal(bound.sql.indexOf('variable'))).toBe(sql.indexOf('$a'));
    expect(bound.toOriginal(10_000)).toBe(sql.length);
  });

  it('changes nothing of a text without a dollar but the spaces that the engine itself replaces', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const sql = text.replaceAll('$', '');
        expect(bindParameters(sql).sql).toBe(withEngineSpaces(sql));
      }),
    );
  });

  it('maps offsets monotonically and onto the whole text', () => {
    const piece = fc.constantFrom('$a', '$long_name', "'$x'", ' ', 'select', ',', '\n', '$$', '--');
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        const sql = pieces.join('');
        const bound = bindParameters(sql);
        let last = 0;
        for (let offset = 0; offset <= bound.sql.length; offset += 1) {
          const original = bound.toOriginal(offset);
          expect(original).toBeGreaterThanOrEqual(last);
          last = original;
        }
        expect(last).toBe(sql.length);
      }),
    );
  });
});

describe('positions and quoting', () => {
  it('counts lines and columns from one', () => {
    expect(offsetToLineColumn('ab\ncd', 0)).toEqual({ line: 1, column: 1 });
    expect(offsetToLineColumn('ab\ncd', 2)).toEqual({ line: 1, column: 3 });
    expect(offsetToLineColumn('ab\ncd', 4)).toEqual({ line: 2, column: 2 });
    expect(offsetToLineColumn('ab\ncd', 99)).toEqual({ line: 2, column: 3 });
    expect(offsetToLineColumn('\n\nx', 2)).toEqual({ line: 3, column: 1 });
  });

  it('turns byte offsets into text offsets', () => {
    const text = "select 'ééé😀', foo";
    expect(byteOffsetToOffset(text, 21)).toBe(text.indexOf('foo'));
    expect(byteOffsetToOffset(text, 0)).toBe(0);
    expect(byteOffsetToOffset(text, 999)).toBe(text.length);
  });

  it('doubles quotes', () => {
    expect(quoteIdentifier('a"b')).toBe('"a""b"');
    expect(quoteLiteral("it's")).toBe("'it''s'");
  });
});
