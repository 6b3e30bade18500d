import {
  Table,
  tableFromArrays,
  vectorFromArray,
  Utf8,
  TimestampMicrosecond,
  makeVector,
  makeData,
  Decimal,
  TimestampNanosecond,
  Vector,
} from 'apache-arrow';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { columnsBetween, edgesOf } from './columns.ts';
import { csvField, toCsv, toHtml, toTsv } from './copy.ts';
import { readDragged } from './column-drag.ts';
import { gridAction } from './grid-keys.ts';
import { slotsFor } from './grid-rows.ts';
import { type ColumnProfile, EXACT_ROWS, profileQuery } from './profile.ts';
import { type ProfileWords, profileWords } from './profile-words.ts';
import { MAX_TRACK_PX, maxOffset, offsetAfterScroll, trackFor, trackHeight } from './scroll-scale.ts';
import { moveSelection } from './selection.ts';
import { clockText, decimalText, jsonText, showValue, timestampText } from './value.ts';
import { nextSort, PLAIN_VIEW, viewQuery, withFilter } from './view-query.ts';

describe('showValue', () => {
  it('tells NULL and the empty text apart', () => {
    const text = vectorFromArray([null, '', 'a'], new Utf8());
    expect([0, 1, 2].map((row) => showValue(text, row, 'VARCHAR'))).toEqual([
      { kind: 'null', text: 'null' },
      { kind: 'empty', text: '' },
      { kind: 'text', text: 'a' },
    ]);
  });

  it('keeps every digit of 64-bit integers, decimals and timestamps', () => {
    const big = new Table(tableFromArrays({ n: BigInt64Array.of(9223372036854775807n) }).batches).getChildAt(0);
    expect(big && showValue(big, 0, 'BIGINT').text).toBe('9223372036854775807');
    const at = makeVector(
      makeData({ type: new TimestampMicrosecond(), data: BigInt64Array.of(-1n, 1700000000123456n) }),
    );
    expect(showValue(at, 0, 'TIMESTAMP').text).toBe('1969-12-31 23:59:59.999999');
    expect(showValue(at, 1, 'TIMESTAMP WITH TIME ZONE').text).toBe('2023-11-14 22:13:20.123456Z');
    const nano = makeVector(makeData({ type: new TimestampNanosecond(), data: BigInt64Array.of(1n) }));
    expect(showValue(nano, 0, 'TIMESTAMP_NS').text).toBe('1970-01-01 00:00:00.000000001');
    const minus = Uint32Array.of(0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff);
    expect(showValue(makeVector(makeData({ type: new Decimal(2, 38), data: minus })), 0, 'DECIMAL(38,2)').text).toBe(
      '-0.01',
    );
  });

  it('writes decimals, clocks and nested values exactly', () => {
    expect(decimalText(-5n, 3)).toBe('-0.005');
    expect(clockText(36_000_500_000n, 6)).toBe('10:00:00.5');
    expect(timestampText(9223372036854775807n, 6)).toBe('infinity');
    expect(jsonText({ a: [1n, null, 'x'] })).toBe('{"a": [1, null, "x"]}');
  });
});

describe('scrolling over more rows than an element can be tall', () => {
  const space = { contentPx: 240_000_000, viewportPx: 400 };

  it('reaches the first and the last row, and every row by small steps', () => {
    expect(trackHeight(space)).toBe(MAX_TRACK_PX);
    expect(offsetAfterScroll(space, 5000, 100, 0)).toBe(0);
    expect(offsetAfterScroll(space, 5000, 100, MAX_TRACK_PX - 400)).toBe(maxOffset(space));
    expect(offsetAfterScroll(space, 5000, 100_000, 100_024)).toBe(5024);
  });

  it('puts the thumb where the rows are', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, noNaN: true }), (share) => {
        const offset = share * maxOffset(space);
        const track = trackFor(space, offset);
        expect(track).toBeGreaterThanOrEqual(0);
        expect(track).toBeLessThanOrEqual(MAX_TRACK_PX - 400);
        expect(offsetAfterScroll(space, 0, track < 10_000 ? 4_000_000 : 0, track)).toBeCloseTo(
          track <= 0 ? 0 : offset,
          -3,
        );
      }),
    );
  });

  it('gives every row in sight one slot', () => {
    expect(slotsFor(5, 9, 4)).toEqual([8, 5, 6, 7]);
    expect(slotsFor(0, 2, 4)).toEqual([0, 1, -1, -1]);
  });

  it('takes the columns in sight and one more on each side', () => {
    const edges = edgesOf([100, 100, 100, 100, 100]);
    expect(columnsBetween(edges, 210, 290)).toEqual({ start: 1, end: 4 });
    expect(columnsBetween(edges, 0, 1000)).toEqual({ start: 0, end: 5 });
  });
});

describe('moveSelection', () => {
  const at = (row: number, column: number) => ({ anchor: { row, column }, focus: { row, column } });
  const extents = { rows: 100, columns: 5, page: 10 };
  const press = (key: string, shift = false, mod = false) =>
    moveSelection(at(50, 2), { key, shift, mod }, extents)?.focus;

  it('moves by cell, page and edge and never leaves the grid', () => {
    expect(press('ArrowDown')).toEqual({ row: 51, column: 2 });
    expect(press('ArrowDown', false, true)).toEqual({ row: 99, column: 2 });
    expect(press('PageUp')).toEqual({ row: 40, column: 2 });
    expect(press('End', false, true)).toEqual({ row: 99, column: 4 });
    expect(moveSelection(at(0, 0), { key: 'ArrowLeft', shift: false, mod: false }, extents)?.focus).toEqual({
      row: 0,
      column: 0,
    });
    expect(press('x')).toBeUndefined();
  });

  it('keeps the anchor with shift', () => {
    expect(moveSelection(at(1, 1), { key: 'ArrowRight', shift: true, mod: false }, extents)?.anchor).toEqual({
      row: 1,
      column: 1,
    });
  });
});

describe('profileWords', () => {
  const en: ProfileWords = {
    unique: 'unique',
    oneValue: 'one value',
    allNull: 'all null',
    values: (n) => `${n} values`,
    about: (count) => `about ${count}`,
    nulls: (share) => `${share} null`,
    isTrue: (share) => `${share} true`,
    median: (value) => `median ${value}`,
  };
  const profile = (distinct: number, isExact: boolean): ColumnProfile => ({
    rows: 300_000,
    nulls: 0,
    distinct,
    isExact,
    shape: { kind: 'none' },
    low: null,
    high: null,
    middle: null,
  });
  const said = (distinct: number, isExact: boolean) =>
    profileWords(profile(distinct, isExact), { name: 'id', type: 'VARCHAR' }, en, 'en');

  it('claims uniqueness only of what was counted, and says when a count is an estimate', () => {
    expect(said(300_000, true)).toBe('unique');
    expect(said(299_999, true)).toBe('299,999 values');
    expect(said(300_000, false)).toBe('about 300,000 values');
    expect(said(297_812, false)).toBe('about 300,000 values');
  });

  it('counts one by one up to a limit', () => {
    const columns = [{ name: 'a', type: 'VARCHAR' }];
    expect(profileQuery('t', columns, 0, EXACT_ROWS)).toContain('count(DISTINCT');
    expect(profileQuery('t', columns, 0, EXACT_ROWS + 1)).toContain('approx_count_distinct');
  });
});

describe('gridAction', () => {
  const extents = { rows: 100, columns: 5, page: 10 };
  const key = (name: string, more: { shift?: boolean; alt?: boolean; mod?: boolean } = {}) => ({
    key: name,
    shift: false,
    alt: false,
    mod: false,
    ...more,
  });
  const on = (row: number, column: number) => ({ anchor: { row, column }, focus: { row, column } });

  it('goes to the header from the first row, or from anywhere with Alt, and back to the rows in sight', () => {
    const at = { selection: on(0, 3), head: null, firstRow: 0 };
    expect(gridAction(key('ArrowUp'), at, extents)).toEqual({ kind: 'head', column: 3 });
    expect(gridAction(key('ArrowUp', { alt: true }), { ...at, selection: on(50, 2) }, extents)).toEqual({
      kind: 'head',
      column: 2,
    });
    expect(gridAction(key('ArrowDown'), { selection: null, head: 2, firstRow: 40 }, extents)).toEqual({
      kind: 'select',
      selection: on(40, 2),
    });
  });

  it('sorts, filters, draws and resizes from the header', () => {
    const at = { selection: null, head: 4, firstRow: 0 };
    expect(gridAction(key('Enter'), at, extents)).toEqual({ kind: 'sort', column: 4 });
    expect(gridAction(key('f'), at, extents)).toEqual({ kind: 'filter', column: 4 });
    expect(gridAction(key('c'), at, extents)).toEqual({ kind: 'chart', column: 4 });
    expect(gridAction(key('ArrowLeft', { alt: true }), at, extents)).toEqual({ kind: 'resize', column: 4, byPx: -16 });
    expect(gridAction(key('ArrowRight'), at, extents)).toEqual({ kind: 'head', column: 4 });
  });

  it('leaves keys alone that it does not know', () => {
    const at = { selection: null, head: null, firstRow: 0 };
    expect(gridAction(key('Tab'), at, extents)).toBeNull();
    expect(gridAction(key('Escape'), at, extents)).toBeNull();
    expect(gridAction(key('k', { mod: true }), { ...at, head: 1 }, extents)).toBeNull();
  });
});

describe('readDragged', () => {
  it('takes what a header gives and nothing else', () => {
    expect(readDragged('{"from":"orders","column":"amount"}')).toEqual({ from: 'orders', column: 'amount' });
    expect(readDragged('{"from":1,"column":"a"}')).toBeNull();
    expect(readDragged('not json')).toBeNull();
  });
});

describe('values in many chunks', () => {
  it('are found in theirs', () => {
    const part = (from: number) => makeData({ type: new TimestampMicrosecond(), data: BigInt64Array.of(BigInt(from)) });
    const vector = new Vector([0, 1_000_000, 2_000_000].map(part));
    expect([0, 1, 2].map((row) => showValue(vector, row, 'TIMESTAMP').text)).toEqual([
      '1970-01-01 00:00:00',
      '1970-01-01 00:00:01',
      '1970-01-01 00:00:02',
    ]);
  });
});

describe('copies and files', () => {
  it('quotes what would break a spreadsheet', () => {
    const cells = { head: ['a', 'b'], rows: [['x\ty', null]] };
    expect(toTsv(cells, true)).toBe('a\tb\n"x\ty"\t');
    expect(toHtml({ head: ['<b>'], rows: [['<script>']] }, true)).not.toContain('<script>');
  });

  it('disarms formulas in text and leaves numbers alone', () => {
    expect(csvField('=1+1', false)).toBe(`"'=1+1"`);
    expect(csvField('@x', false)).toBe(`"'@x"`);
    expect(csvField('-5', true)).toBe('-5');
    expect(
      toCsv(
        {
          head: ['a', 'b'],
          rows: [
            [null, ''],
            ['x,"y"', '1'],
          ],
        },
        (at) => at === 1,
      ),
    ).toBe('a,b\r\n,""\r\n"x,""y""",1\r\n');
  });
});

describe('viewQuery', () => {
  const columns = [
    { name: 'a"b', type: 'BIGINT' },
    { name: 'a"b', type: 'VARCHAR' },
  ];

  it('goes by position and quotes every value', () => {
    const view = withFilter(nextSort(PLAIN_VIEW, 0), 1, { kind: 'contains', text: "'; drop" });
    expect(viewQuery('t', columns, view)).toBe(
      `SELECT c0 AS "a""b", c1 AS "a""b" FROM (SELECT * FROM t) AS result("c0", "c1") WHERE contains(lower(CAST(c1 AS VARCHAR)), lower('''; drop')) ORDER BY c0 asc NULLS LAST`,
    );
  });

  it('goes through three states of a sort', () => {
    const one = nextSort(PLAIN_VIEW, 0);
    expect([one.sort?.direction, nextSort(one, 0).sort?.direction, nextSort(nextSort(one, 0), 0).sort]).toEqual([
      'asc',
      'desc',
      null,
    ]);
  });
});
