import { describe, expect, it } from 'vitest';
import { changeRows } from './change-rows.ts';

describe('rows of a comparison', () => {
  it('puts what a changed row was beside what it is, and marks only the values that are others', () => {
    const columns = ['change', 'id', 'name', 'at'].map((name) => ({ name, type: 'VARCHAR' }));
    const rows = [
      ['added', 3, 'c', null],
      ['removed', 2, 'b', null],
      ['before', 1, 'a', { day: 1 }],
      ['after', 1, 'A', { day: 1 }],
    ];
    const found = changeRows({ columns, rows, totalRows: 4, truncated: false });
    expect(found.map(({ kind, values }) => [kind, values[0]])).toEqual([
      ['changed', 1],
      ['added', 3],
      ['removed', 2],
    ]);
    expect([...(found[0]?.before ?? [])]).toEqual([[1, 'a']]);
    expect(found[1]?.before.size).toBe(0);
  });
});
