import { createTestDatabase } from '@datacraft/migrations/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunRequest, Workshop } from './testing/workshop.ts';
import { createWorkshop, sqlCells, taskOf } from './testing/workshop.ts';

let shop: Workshop;
beforeAll(async () => {
  shop = await createWorkshop(await createTestDatabase());
});
afterAll(() => shop.close());

interface Shape {
  readonly name: string;
  readonly header: string;
  readonly rules: string;
  readonly rows: readonly (readonly [id: number, amount: number])[];
}

const textOf = ({ name, header, rules, rows }: Shape) =>
  sqlCells({
    [name]: `---\nmaterialize: incremental\n${header}\nexpect:\n${rules}\n---\nselect id, amount from (values ${rows.map((row) => `(${row.join(', ')})`).join(', ')}) t(id, amount)`,
  });
const run = (shape: Shape, request: RunRequest = {}) => shop.run(textOf(shape), { owner: shape.name, ...request });
const replay = async (shape: Shape) =>
  taskOf(await run(shape, { select: [shape.name], replay: [shape.name] }), shape.name);
const landed = async (name: string) =>
  (await shop.rows(`select id::int, amount::int from silver.${name} order by all`)).map((row) => row.join('='));
const aside = async (name: string) =>
  (await shop.rows(`select id::int, _rule from silver.${name}_quarantine order by all`)).map((row) => row.join(': '));

const noNegative = '  - { expression: amount >= 0, on_violation: quarantine }';
const noDebt = '  - { expression: amount >= -10, on_violation: quarantine }';

describe('replaying what rules set aside', () => {
  const first: Shape = {
    name: 'added',
    header: 'strategy: append',
    rules: noNegative,
    rows: [
      [1, 5],
      [2, -5],
      [3, -50],
    ],
  };

  it('A1 each row that passes the mended rule leaves once and lands once; the others stay with what they break now', async () => {
    await run(first);
    expect([await landed('added'), await aside('added')]).toEqual([['1=5'], ['2: amount >= 0', '3: amount >= 0']]);
    const mended = { ...first, rules: noDebt };
    expect(await replay(mended)).toMatchObject({
      state: 'succeeded',
      reason: 'replay',
      rowsWritten: 2,
      rowsRejected: 1,
    });
    expect([await landed('added'), await aside('added')]).toEqual([['1=5', '2=-5'], ['3: amount >= -10']]);
    expect(await replay(mended)).toMatchObject({ state: 'succeeded', rowsWritten: 2 });
    expect([await landed('added'), await aside('added')]).toEqual([['1=5', '2=-5'], ['3: amount >= -10']]);
    expect(taskOf(await run(mended), 'added')).toMatchObject({ state: 'skipped', reason: 'fresh' });
  });

  it('judges the part that a condition names, and leaves the others as they are', async () => {
    const part: Shape = { ...first, name: 'part', rows: [...first.rows, [4, -7]] };
    await run(part);
    const mended = { ...part, rules: noDebt };
    const where = async (replayWhere: string) =>
      taskOf(await run(mended, { select: ['part'], replay: ['part'], replayWhere }), 'part');
    expect(await where("_rule = 'amount >= 0' and amount > -6 -- the small ones")).toMatchObject({
      state: 'succeeded',
    });
    expect(await landed('part')).toEqual(['1=5', '2=-5']);
    expect(await aside('part')).toEqual(['3: amount >= 0', '4: amount >= 0']);
    expect(await where('null')).toMatchObject({ state: 'succeeded' });
    expect(await where('id = 3')).toMatchObject({ state: 'succeeded' });
    expect(await aside('part')).toEqual(['3: amount >= -10', '4: amount >= 0']);
    for (const wrong of [
      '1=1) union all select 9, 9 --',
      'id in (select id from silver.part)',
      'nope(',
      'id = 1; select 1',
    ])
      expect(await where(wrong)).toMatchObject({ state: 'failed', error: { code: 'bad-request' } });
    expect(await landed('part')).toEqual(['1=5', '2=-5']);
  });

  it('A1 of two at once each row lands once', async () => {
    const both = { ...first, name: 'twice' };
    await run(both);
    const mended = { ...both, rules: '  - { expression: amount >= -100, on_violation: quarantine }' };
    await Promise.all([replay(mended), replay(mended)]);
    expect([await landed('twice'), await aside('twice')]).toEqual([['1=5', '2=-5', '3=-50'], []]);
  });

  it('A2 is refused when the SELECT was changed, and nothing moves', async () => {
    const changed = { ...first, name: 'changed' };
    await run(changed);
    const other = { ...changed, rules: noDebt, rows: [[9, 9]] as const };
    expect(await replay(other)).toMatchObject({ state: 'failed', error: { code: 'conflict' } });
    expect(await aside('changed')).toHaveLength(2);
  });

  it('does not land what the table has by its key, and lands all of it where the cell sets nothing aside any more', async () => {
    const keyed: Shape = {
      name: 'keyed',
      header: 'strategy: append\nsequence_by: amount',
      rules: '  - { unique: id, on_violation: quarantine }',
      rows: [
        [1, 5],
        [1, 4],
      ],
    };
    await run(keyed);
    expect(await replay(keyed)).toMatchObject({ rowsWritten: 1, rowsRejected: 1 });
    expect([await landed('keyed'), await aside('keyed')]).toEqual([['1=5'], ['1: unique id']]);
    const free = { ...keyed, rules: '  - { not_null: id }' };
    expect(await replay(free)).toMatchObject({ rowsWritten: 2 });
    expect(await landed('keyed')).toEqual(['1=4', '1=5']);
    expect(await replay(free)).toMatchObject({ rowsWritten: 2 });
    expect(await landed('keyed')).toEqual(['1=4', '1=5']);
  });

  it('judges the table as it will be by rules over the whole', async () => {
    const whole: Shape = { ...first, name: 'whole', header: 'strategy: append' };
    const rules = (mean: number) =>
      `${noDebt}\n  - { row_count: { min: 2 } }\n  - { distribution: { column: amount, mean: { min: ${mean} } } }\n  - { sql: select 1 where (select count(*) from whole) <> 2 }`;
    await run(whole);
    expect(await replay({ ...whole, rules: rules(1) })).toMatchObject({ state: 'failed' });
    expect(await landed('whole')).toEqual(['1=5']);
    const done = await replay({ ...whole, rules: rules(0) });
    expect([done.state, await landed('whole'), await aside('whole')]).toEqual([
      'succeeded',
      ['1=5', '2=-5'],
      ['3: amount >= -10'],
    ]);
  });

  it('merges rows of a cell that merges: an older one does not take the place of a newer', async () => {
    const merged: Shape = {
      name: 'merged',
      header: 'strategy: merge\nunique_key: id\nsequence_by: amount',
      rules: '  - { expression: amount <> 3 and amount <> 7, on_violation: quarantine }',
      rows: [
        [1, 5],
        [1, 7],
        [2, 5],
        [2, 3],
      ],
    };
    await run(merged);
    expect(await landed('merged')).toEqual(['1=5', '2=5']);
    await replay({ ...merged, rules: '  - { expression: amount <> 0, on_violation: quarantine }' });
    expect([await landed('merged'), await aside('merged')]).toEqual([['1=7', '2=5'], []]);
  });
});
