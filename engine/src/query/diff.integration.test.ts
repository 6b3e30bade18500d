import { createTestDatabase } from '@datacraft/migrations/testing';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadTable, snapshotsOf } from '../iceberg/load-table.ts';
import { revert } from '../publish/revert.ts';
import { removeTag, tagSnapshot } from '../publish/tag.ts';
import { asOfText } from '../run/warehouse.ts';
import type { Workshop } from '../run/testing/workshop.ts';
import { createWorkshop, sqlCells, taskOf } from '../run/testing/workshop.ts';
import { diffTable } from './diff.ts';

let shop: Workshop;
beforeAll(async () => {
  shop = await createWorkshop(await createTestDatabase());
});
afterAll(() => shop.close());

type Row = readonly [id: number, name: string | null];

async function publish(name: string, rows: readonly Row[], columns = 'id, name'): Promise<string> {
  const values = rows.map(([id, text]) => `(${id}, ${text === null ? 'null::varchar' : `'${text}'`})`).join(', ');
  const select =
    rows.length === 0
      ? 'select 1 as id, null::varchar as name where false'
      : `select * from (values ${values}) t(${columns})`;
  const task = taskOf(await shop.run(sqlCells({ [name]: select }), { owner: name }), name);
  return task.snapshotId ?? '';
}

const ref = (name: string) => ({ layer: 'silver', name }) as const;
const diff = (name: string, from: string, key: readonly string[] = ['id'], to?: string) =>
  diffTable(
    { ref: ref(name), from: { snapshotId: from }, key, limit: 10, ...(to ? { to: { snapshotId: to } } : {}) },
    shop.deps,
  );

describe('the difference of two states', () => {
  it('D1 counts and shows rows that were added, removed and changed, and in which columns', async () => {
    const first = await publish('d', [
      [1, 'a'],
      [2, 'b'],
      [3, null],
    ]);
    await publish('d', [
      [1, 'a'],
      [2, 'B'],
      [4, 'd'],
    ]);
    const found = await diff('d', first);
    expect(found).toMatchObject({
      added: 1,
      removed: 1,
      changed: 1,
      same: 1,
      changedBy: { name: 1 },
      columnsAdded: [],
    });
    expect(found.sample.rows).toEqual([
      ['added', 4, 'd'],
      ['removed', 3, null],
      ['before', 2, 'b'],
      ['after', 2, 'B'],
    ]);
  });

  it('names columns that came and went', async () => {
    const first = await publish('c', [[1, 'a']]);
    await publish('c', [[1, 'a']], 'id, label');
    expect(await diff('c', first)).toMatchObject({ columnsAdded: ['label'], columnsRemoved: ['name'], same: 1 });
  });

  it('D1 accounts for every row, by any key or none', async () => {
    const rows = fc.array(fc.tuple(fc.nat(3), fc.constantFrom('x', 'y', null)), { maxLength: 6 });
    let turn = 0;
    await fc.assert(
      fc.asyncProperty(rows, rows, fc.constantFrom([], ['id'], ['id', 'name']), async (before, after, key) => {
        const name = `p${(turn += 1)}`;
        const first = await publish(name, before);
        await publish(name, after);
        const { added, removed, changed, same } = await diff(name, first, key);
        expect([removed + changed + same, added + changed + same]).toEqual([before.length, after.length]);
        if (key.length !== 1) expect(changed).toBe(0);
      }),
      { numRuns: 10 },
    );
  });

  it('says which key is no column', async () => {
    const first = await publish('k', [[1, 'a']]);
    await expect(diff('k', first, ['nope'])).rejects.toThrow('has no column nope in both states; it has id, name');
  });
});

describe('taking a table back', () => {
  it('publishes the rows of then as a new snapshot, loses none, and leaves its cell stale', async () => {
    const first = await publish('r', [[1, 'a']]);
    const second = await publish('r', [
      [1, 'b'],
      [2, 'c'],
    ]);
    const back = await revert(ref('r'), first, shop.deps);
    expect(await shop.rows('select * from silver.r')).toEqual([[1, 'a']]);
    const table = await loadTable(shop.deps.db, shop.deps.lake, ref('r'));
    expect(table && snapshotsOf(table).map((each) => each.snapshotId)).toEqual([back.snapshotId, second, first]);
    expect(await diff('r', second, ['id'], back.snapshotId)).toMatchObject({ removed: 1, changed: 1, added: 0 });
    expect(
      await publish('r', [
        [1, 'b'],
        [2, 'c'],
      ]),
    ).not.toBe(back.snapshotId);
    expect(await shop.rows('select count(*)::int from silver.r')).toEqual([[2]]);
  });

  it('reads with the columns of then', async () => {
    const first = await publish('s', [[1, 'a']]);
    await publish('s', [[1, 'a']], 'id, label');
    await revert(ref('s'), first, shop.deps);
    expect(await shop.rows('select id, name from silver.s')).toEqual([[1, 'a']]);
  });

  it('refuses a snapshot that is not there', async () => {
    await publish('t', [[1, 'a']]);
    await expect(revert(ref('t'), '123', shop.deps)).rejects.toThrow('has no snapshot 123');
  });
});

describe('a tag', () => {
  it('keeps a name for a snapshot: read as of it, compared by it, moved and taken away', async () => {
    const first = await publish('u', [[1, 'a']]);
    const second = await publish('u', [[2, 'b']]);
    await tagSnapshot(ref('u'), 'month_end', first, shop.deps);
    expect(await shop.rows('select id from silver.u', { asOf: asOfText('month_end') })).toEqual([[1]]);
    const request = { ref: ref('u'), from: asOfText('month_end'), key: ['id'], limit: 1 };
    expect(await diffTable(request, shop.deps)).toMatchObject({ added: 1, removed: 1 });
    await tagSnapshot(ref('u'), 'month_end', second, shop.deps);
    expect(await shop.rows('select id from silver.u', { asOf: asOfText('month_end') })).toEqual([[2]]);
    await publish('u', [[3, 'c']]);
    expect(await shop.rows('select id from silver.u', { asOf: asOfText('month_end') })).toEqual([[2]]);
    await removeTag(ref('u'), 'month_end', shop.deps);
    await expect(shop.rows('select id from silver.u', { asOf: asOfText('month_end') })).rejects.toThrow(
      'none of silver.u has the tag month_end',
    );
  });

  it('reads the tables that have it at it, and the others as they were then', async () => {
    const first = await publish('v1', [[1, 'a']]);
    await publish('v2', [[10, 'x']]);
    const later = await publish('v1', [[2, 'b']]);
    await publish('v2', [[20, 'y']]);
    const both = 'select v1.id, v2.id from silver.v1, silver.v2';
    await tagSnapshot(ref('v1'), 'then', later, shop.deps);
    expect(await shop.rows(both, { asOf: asOfText('then') })).toEqual([[2, 10]]);
    await tagSnapshot(ref('v1'), 'then', first, shop.deps);
    await expect(shop.rows(both, { asOf: asOfText('then') })).rejects.toThrow('no state of silver.v2');
  });

  it('is refused where it could be a snapshot id or a time, and for a snapshot that is not there', async () => {
    const first = await publish('w', [[1, 'a']]);
    for (const name of ['main', '2026-01-01', '12345', 'a b', ''])
      await expect(tagSnapshot(ref('w'), name, first, shop.deps)).rejects.toThrow('a tag is made of');
    await expect(tagSnapshot(ref('w'), 'x', '99', shop.deps)).rejects.toThrow('no snapshot 99');
    await expect(removeTag(ref('w'), 'x', shop.deps)).rejects.toThrow('no tag x');
  });
});
