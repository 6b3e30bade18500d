import { createTestDatabase } from '@datacraft/migrations/testing';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadTable, snapshotsOf } from '../iceberg/load-table.ts';
import type { Workshop } from './testing/workshop.ts';
import { createWorkshop, sqlCells } from './testing/workshop.ts';

let shop: Workshop;
beforeAll(async () => {
  shop = await createWorkshop(await createTestDatabase());
});
afterAll(() => shop.close());

type Row = readonly [id: number | null, month: number, value: number];

const insert = 'insert_only: true\n';
const mirror = 'unmatched: delete\n';

/** A merge by `id` and `month` of all rows of a file, which the test decides; values below 0 break its rule. */
async function merging(name: string, more: string, rows: readonly Row[], select = `select * from ${name}_in`) {
  await shop.file(`${name}.csv`, `id,month,value\n${rows.map((row) => row.join(',')).join('\n')}\n`);
  const source = `\`\`\`source ${name}_in\ntype: csv\npath: ./${name}.csv\ncolumns: { id: integer, month: integer, value: integer }\n\`\`\`\n`;
  const header = `---\nmaterialize: incremental\nunique_key: [id, month]\npartition_by: [month]\n${more}---\n`;
  return shop.run(`${source}${sqlCells({ [name]: header + select })}`, { owner: name });
}
async function merge(name: string, more: string, rows: readonly Row[], select?: string): Promise<void> {
  const report = await merging(name, more, rows, select);
  expect(report.state, JSON.stringify(report.tasks)).toBe('succeeded');
}

const contents = async (name: string) =>
  (await shop.rows(`select id, month, value from silver.${name} order by all`)).map((row) => row.join(','));
const stateOf = async (name: string) => {
  const table = await loadTable(shop.deps.db, shop.deps.lake, { layer: 'silver', name });
  if (!table) throw new Error(`${name} is not there`);
  return table;
};
const makeStale = (name: string) =>
  shop.deps.db.query(`update relations set fingerprint = 'made stale' where name = $1`, [name]);

const months = (of: number): Row[] => Array.from({ length: of * 3 }, (_, at) => [at % 3, Math.floor(at / 3), at]);
const told = (rows: readonly Row[]) => rows.map((row) => row.join(',')).toSorted();

describe('a merge with insert_only', () => {
  it('adds a file of the new keys, writes no other, and changes no row', async () => {
    await merge('fresh', insert, months(6));
    const before = await stateOf('fresh');
    await merge('fresh', insert, [
      [0, 5, 999],
      [9, 5, 501],
    ]);
    const after = await stateOf('fresh');
    expect(after.files.filter((file) => before.files.includes(file))).toHaveLength(6);
    expect(snapshotsOf(after)[0]).toMatchObject({ operation: 'append', addedRows: 1, deletedRows: 0 });
    expect((await contents('fresh')).toSorted()).toEqual(told([...months(6), [9, 5, 501]]));
    await merge('fresh', insert, [
      [9, 5, 7],
      [1, 2, 7],
    ]);
    expect((await stateOf('fresh')).metadataLocation).toBe(after.metadataLocation);
  });

  it('lands a row that was set aside only where its key is new', async () => {
    const rule = `${insert}expect:\n  - expression: value >= 0\n    on_violation: quarantine\n`;
    await merge('mended', rule, [[1, 1, 1]]);
    await merge('mended', rule, [
      [1, 1, -1],
      [2, 1, -2],
    ]);
    const mended = rule.replace('value >= 0', 'value >= -9');
    const text = `\`\`\`source mended_in\ntype: csv\npath: ./mended.csv\ncolumns: { id: integer, month: integer, value: integer }\n\`\`\`\n${sqlCells({ mended: `---\nmaterialize: incremental\nunique_key: [id, month]\npartition_by: [month]\n${mended}---\nselect * from mended_in` })}`;
    const report = await shop.run(text, { owner: 'mended', select: ['mended'], replay: ['mended'] });
    expect(report.state, JSON.stringify(report.tasks)).toBe('succeeded');
    expect(await contents('mended')).toEqual(['1,1,1', '2,1,-2']);
  });
});

describe('a merge with unmatched: delete', () => {
  it('writes only the files that hold a row that is gone, changed or new', async () => {
    await merge('part', mirror, months(6));
    const before = await stateOf('part');
    const left = months(6).filter(([id, month]) => !(id === 1 && month === 3));
    await merge('part', mirror, left);
    const after = await stateOf('part');
    expect(after.files.filter((file) => before.files.includes(file))).toHaveLength(5);
    expect((await contents('part')).toSorted()).toEqual(told(left));
    await makeStale('part');
    await merge('part', mirror, left.toReversed());
    expect((await stateOf('part')).metadataLocation).toBe(after.metadataLocation);
    const raised = left.map((row): Row => (row[1] === 4 ? [row[0], 4, row[2] + 100] : row));
    await merge('part', mirror, [...raised, [8, 0, 8]]);
    const changed = await stateOf('part');
    expect(changed.files.filter((file) => after.files.includes(file))).toHaveLength(5);
    expect((await contents('part')).toSorted()).toEqual(told([...raised, [8, 0, 8]]));
    const without = left.filter(([, month]) => month !== 2);
    await merge('part', mirror, without);
    expect((await contents('part')).toSorted()).toEqual(told(without));
  });

  it('writes with insert_only only the files that hold a row that is gone, and one of new rows', async () => {
    await merge('both', insert + mirror, months(6));
    const before = await stateOf('both');
    const left = months(6).filter(([, month]) => month !== 2);
    const raised = left.map(([id, month, value]): Row => [id, month, value + 100]);
    await merge('both', insert + mirror, [...raised, [8, 3, 8]]);
    const after = await stateOf('both');
    expect(after.files.filter((file) => before.files.includes(file))).toHaveLength(5);
    expect(after.files).toHaveLength(6);
    expect((await contents('both')).toSorted()).toEqual(told([...left, [8, 3, 8]]));
  });

  it('deletes all rows where the result is empty, once, and takes rows again', async () => {
    for (const [name, more] of [
      ['none', mirror],
      ['none_new', insert + mirror],
    ] as const) {
      await merge(name, more, months(2));
      await merge(name, more, []);
      expect(await contents(name)).toEqual([]);
      const empty = await stateOf(name);
      await makeStale(name);
      await merge(name, more, []);
      expect((await stateOf(name)).metadataLocation).toBe(empty.metadataLocation);
      await merge(name, more, [[7, 7, 7]]);
      expect(await contents(name)).toEqual(['7,7,7']);
    }
  });

  it('keeps the row of a key whose new row a rule sets aside: it is not gone', async () => {
    const rule = `${mirror}expect:\n  - expression: value >= 0\n    on_violation: quarantine\n`;
    await merge('aside', rule, months(2));
    await merge('aside', rule, [
      [0, 0, -1],
      [1, 0, 5],
    ]);
    expect(await contents('aside')).toEqual(['0,0,0', '1,0,5']);
  });

  it('is refused by name where a key is NULL, and deletes nothing', async () => {
    await merge('keyless', mirror, months(2));
    const { state, tasks } = await merging('keyless', mirror, [[null, 1, 1]]);
    expect([state, tasks.find(({ cell }) => cell === 'keyless')?.error?.code]).toEqual(['failed', 'merge-key-null']);
    expect(await contents('keyless')).toHaveLength(6);
  });
});

describe('any history of batches', () => {
  const key = (row: Row) => `${row[0]},${row[1]}`;
  /** The table as a loop over rows has it. */
  function next(table: ReadonlyMap<string, Row>, batch: readonly Row[], more: string): Map<string, Row> {
    const came = new Map(batch.map((row) => [key(row), row]));
    const stays = [...table].filter(([name]) => !more.includes(mirror) || came.has(name));
    const merged = new Map(stays);
    for (const [name, row] of came) if (!more.includes(insert) || !table.has(name)) merged.set(name, row);
    return merged;
  }

  it('M1 M3 M4 gives what a plain loop gives, and the same batch once more makes no snapshot', async () => {
    const seed = Date.now() % 2 ** 31;
    console.log(`kinds of merges: seed ${seed}`);
    const row: fc.Arbitrary<Row> = fc.tuple(
      fc.integer({ min: 0, max: 5 }),
      fc.integer({ min: 0, max: 4 }),
      fc.integer({ min: 0, max: 9 }),
    );
    const batches = fc.array(fc.uniqueArray(row, { selector: key, maxLength: 12 }), { minLength: 2, maxLength: 4 });
    let count = 0;
    await fc.assert(
      fc.asyncProperty(batches, fc.constantFrom(insert, mirror, insert + mirror), async (history, more) => {
        count += 1;
        const name = `any_${count}`;
        let table: ReadonlyMap<string, Row> = new Map();
        for (const batch of history) {
          await merge(name, more, batch);
          table = next(table, batch, more);
          expect((await contents(name)).toSorted()).toEqual(told([...table.values()]));
        }
        const { metadataLocation } = await stateOf(name);
        await makeStale(name);
        await merge(name, more, (history.at(-1) ?? []).toReversed());
        expect((await stateOf(name)).metadataLocation).toBe(metadataLocation);
      }),
      { numRuns: 9, seed },
    );
  }, 120_000);
});
