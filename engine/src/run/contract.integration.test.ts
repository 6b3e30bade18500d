import { createTestDatabase } from '@datacraft/migrations/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Workshop } from './testing/workshop.ts';
import { createWorkshop, sqlCells, taskOf } from './testing/workshop.ts';

let shop: Workshop;
beforeAll(async () => {
  shop = await createWorkshop(await createTestDatabase());
});
afterAll(() => shop.close());

const rows = `select * from (values (1, '10.5', null), (2, 'x', null), (3, '7', 'more')) t(id, amount, note)`;
const columns = 'columns: { id: integer, amount: "decimal(8,2)", channel: varchar }';

async function run(name: string, contract: string, select = rows) {
  const report = await shop.run(sqlCells({ [name]: `---\ncontract: { ${contract} }\n---\n${select}` }), {
    owner: name,
  });
  return taskOf(report, name);
}
const table = (name: string) => shop.rows(`select * from silver.${name} order by id`);
const typesOf = async (name: string) =>
  (await shop.rows(`select column_name, column_type from (describe select * from silver.${name})`).catch(() => [])).map(
    String,
  );

describe('a contract', () => {
  it('freeze refuses a value, a new column and a missing one, and names each', async () => {
    const { state, error } = await run('freeze', `mode: freeze, ${columns}`);
    expect(state).toBe('failed');
    for (const part of [
      'contract: amount decimal(8,2) (1 rows)',
      'column channel is missing',
      'column note is not in it',
    ])
      expect(error?.message).toContain(part);
  });

  it('discard_row leaves out rows with a value that does not fit or that it does not know', async () => {
    expect(await run('rows', `mode: discard_row, ${columns}`)).toMatchObject({ state: 'succeeded', rowsWritten: 1 });
    expect(await table('rows')).toEqual([[1, '10.50', null]]);
  });

  it('discard_value makes it NULL and leaves out the column', async () => {
    await run('cells', `mode: discard_value, ${columns}`);
    expect(await table('cells')).toEqual([
      [1, '10.50', null],
      [2, null, null],
      [3, '7.00', null],
    ]);
  });

  it('quarantine sets rows aside as they came, with the reason', async () => {
    await run('aside', `mode: quarantine, ${columns}`);
    expect(await table('aside')).toEqual([[1, '10.50', null]]);
    expect(await shop.rows('select id, amount, note, _rule from silver.aside_quarantine order by id')).toEqual([
      [2, 'x', null, 'contract: amount decimal(8,2)'],
      [3, '7', 'more', 'contract: column note is not in it'],
    ]);
  });

  it('evolve takes what comes: types that fit are cast, others and new columns stay', async () => {
    expect((await run('open', `mode: evolve, columns: { id: bigint, amount: "decimal(8,2)" }`)).state).toBe(
      'succeeded',
    );
    expect(await table('open')).toEqual([
      ['1', '10.5', null],
      ['2', 'x', null],
      ['3', '7', 'more'],
    ]);
  });

  it('counts a value that would be rounded or cut as one that does not fit', async () => {
    const select = `select * from (values (1, 1.7::double, '2.5', timestamp '2024-01-01 10:00:00'), (2, 2::double, '3', timestamp '2024-01-02 00:00:00')) t(id, n, w, seen)`;
    await run('whole', 'mode: quarantine, columns: { id: integer, n: integer, w: integer, seen: date }', select);
    expect(await shop.rows('select id, n, w, seen::varchar from silver.whole')).toEqual([[2, 2, 3, '2024-01-02']]);
  });

  it('K2 without columns holds what is published', async () => {
    await run('held', 'mode: freeze', 'select 1 as id');
    expect((await run('held', 'mode: freeze', 'select 1 as id, 2 as other')).error?.message).toContain(
      'column other is not in it',
    );
    expect(await table('held')).toEqual([[1]]);
  });

  it('refuses a text that is no type', async () => {
    expect((await run('odd', `columns: { id: "integer) from x --" }`)).error).toMatchObject({ code: 'bad-request' });
    expect(await typesOf('odd')).toEqual([]);
  });
});
