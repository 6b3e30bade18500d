import type { CellId, PinnedInput } from '@datacraft/shared';
import { describe, expect, it } from 'vitest';
import { prepareText } from '#lib/preview/statement.ts';
import { differenceSql, withHeldRows } from './relations.ts';

const id = 'cell_a' as CellId;
const pin: PinnedInput = {
  cellId: id,
  name: 'orders',
  columns: [
    { name: 'id', type: 'INTEGER' },
    { name: 'the "price"', type: 'DOUBLE' },
  ],
  rowCount: 2,
  extent: { kind: 'full' },
  pinnedAt: '2026-01-01T00:00:00.000Z',
  changedBy: [],
};
const orders = { id, name: 'orders', kind: 'sql', text: 'select 1', version: 'v1' };

describe('held rows', () => {
  it('take the place of the cell for its readers, and leave what it gives now under another name', () => {
    const [held, now, difference] = withHeldRows([orders], pin, []);
    expect(held).toMatchObject({ id, name: 'orders', held: { version: pin.pinnedAt } });
    expect(now).toEqual({ ...orders, id: 'cell_a:now', dataOf: id, name: 'orders now' });
    expect(difference).toMatchObject({ id: 'cell_a:held', kind: 'sql' });
  });

  it('leave a source that is looked at with the rows of now', () => {
    const source = { ...orders, kind: 'source', text: '' };
    const own = { id, name: 'orders rows', kind: 'sql', text: 'select * from "orders"', version: '' };
    expect(withHeldRows([source, own], pin, [])[1]?.text).toBe('select * from "orders now"');
    expect(withHeldRows([source, own], null, [])).toEqual([source, own]);
  });

  it('mark what reads them, so that no server computes it from the rows of now', () => {
    expect(withHeldRows([orders], null, ['raw'])).toEqual([{ ...orders, readsHeld: ['raw'] }]);
  });

  it('are compared by a statement that reads both and names their columns', () => {
    const prepared = prepareText(differenceSql('orders', pin));
    if (prepared.kind !== 'statement') throw new Error(prepared.kind);
    expect([...prepared.statement.words]).toEqual(expect.arrayContaining(['orders', 'orders now', 'the "price"']));
  });
});
