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

type Row = readonly [id: number | null, month: number, value: number, version: number];

const header =
  '---\nmaterialize: incremental\nstrategy: merge\nunique_key: [id, month]\nsequence_by: version\npartition_by: [month]\n---\n';

async function merge(name: string, rows: readonly Row[], deps: Partial<Workshop['deps']> = {}): Promise<void> {
  const lines = rows.map((row) => row.map((value) => value ?? '').join(','));
  await shop.file(`${name}.csv`, `id,month,value,version\n${lines.join('\n')}\n`);
  const source = `\`\`\`source ${name}_in\ntype: csv\npath: ./${name}.csv\ncolumns: { id: integer, month: integer, value: integer, version: integer }\n\`\`\`\n`;
  const report = await shop.run(`${source}${sqlCells({ [name]: `${header}select * from ${name}_in` })}`, {
    owner: name,
    deps,
  });
  expect(report.state, JSON.stringify(report.tasks)).toBe('succeeded');
}

const contents = async (name: string) =>
  (await shop.rows(`select id, month, value, version from silver.${name} order by all`)).map((row) => row.join(','));
const stateOf = async (name: string) => {
  const table = await loadTable(shop.deps.db, shop.deps.lake, { layer: 'silver', name });
  if (!table) throw new Error(`${name} is not there`);
  return table;
};

const months = (of: number, version: number): Row[] =>
  Array.from({ length: of * 3 }, (_, at) => [at % 3, Math.floor(at / 3), at, version]);

describe('a merge', () => {
  it('writes only the files that hold a key of the new rows, and keeps the others as they are', async () => {
    await merge('part', months(6, 1));
    const before = await stateOf('part');
    expect(before.files).toHaveLength(6);
    await merge('part', [
      [0, 5, 500, 2],
      [9, 5, 501, 2],
    ]);
    const after = await stateOf('part');
    expect(after.files.filter((file) => before.files.includes(file))).toHaveLength(5);
    expect([after.files.length, after.rows]).toEqual([6, 19]);
    const [snapshot] = snapshotsOf(after);
    expect(snapshot).toMatchObject({ operation: 'overwrite', rows: 19, addedRows: 4, deletedRows: 3 });
    expect(await contents('part')).toContain('0,5,500,2');
    expect(await contents('part')).toHaveLength(19);
  });

  it('adds a file and reads no other where no key is known, and writes all where most are touched', async () => {
    await merge('fresh', months(2, 1));
    const before = await stateOf('fresh');
    await merge('fresh', [[1, 9, 1, 1]]);
    const added = await stateOf('fresh');
    expect(added.files.filter((file) => before.files.includes(file))).toHaveLength(2);
    expect(snapshotsOf(added)[0]).toMatchObject({ operation: 'append', addedRows: 1, deletedRows: 0 });
    await merge('fresh', months(2, 2));
    expect((await stateOf('fresh')).files.filter((file) => added.files.includes(file))).toEqual([]);
    expect(await contents('fresh')).toHaveLength(7);
  });

  it('gives what a merge of everything gives, over any history of batches', async () => {
    const seed = Date.now() % 2 ** 31;
    const row: fc.Arbitrary<Row> = fc.tuple(
      fc.oneof({ weight: 8, arbitrary: fc.integer({ min: 0, max: 5 }) }, { weight: 1, arbitrary: fc.constant(null) }),
      fc.integer({ min: 0, max: 3 }),
      fc.integer({ min: 0, max: 99 }),
      fc.integer({ min: 0, max: 4 }),
    );
    let count = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(row, { minLength: 1, maxLength: 6 }), { minLength: 2, maxLength: 4 }),
        async (batches) => {
          count += 1;
          const name = `any_${count}`;
          const best = new Map<string, Row>();
          const loose = new Set<string>();
          for (const [at, batch] of batches.entries()) {
            // Of equals the one that came last; within a batch each version of a key is one row.
            const told = [...new Map(batch.map((each) => [`${each[0]},${each[1]},${each[3]}`, each])).values()];
            await merge(
              name,
              told.map(([id, month, value, version]) => [id, month, value, version * 10 + at]),
            );
            for (const [id, month, value, version] of told) {
              const next: Row = [id, month, value, version * 10 + at];
              if (id === null) loose.add(next.join(','));
              const known = best.get(`${id},${month}`);
              if (id !== null && (known === undefined || next[3] >= known[3])) best.set(`${id},${month}`, next);
            }
          }
          const wanted = [
            ...[...best.values()].map((each) => each.join(',')),
            ...[...loose].map((each) => each.replace('null', '')),
          ];
          expect((await contents(name)).map((line) => line.replace('null', '')).toSorted()).toEqual(wanted.toSorted());
        },
      ),
      { numRuns: 6, seed },
    );
  });
});

describe('a merge of rows that are there already', () => {
  it('makes no snapshot, nor one of older rows or of none; a row that differs does', async () => {
    await merge('again', months(6, 2));
    const before = await stateOf('again');
    await merge('again', months(2, 2).toReversed());
    await merge('again', [[0, 1, 77, 1]]);
    await merge('again', []);
    const after = await stateOf('again');
    expect([after.metadataLocation, after.rows]).toEqual([before.metadataLocation, 18]);
    await merge('again', [[0, 1, 77, 3]]);
    expect(snapshotsOf(await stateOf('again'))).toHaveLength(2);
    expect(await contents('again')).toContain('0,1,77,3');
  });

  it('reads no file whose bounds lie elsewhere', async () => {
    await merge('bounds', months(6, 1));
    const asked: string[] = [];
    const { duck } = shop.deps;
    const open: typeof duck.open = async (options) => {
      const session = await duck.open(options);
      const rows: typeof session.rows = (sql, asking) => {
        asked.push(sql);
        return session.rows(sql, asking);
      };
      return { ...session, rows };
    };
    const { files } = await stateOf('bounds');
    await merge('bounds', [[2, 4, 5, 9]], { duck: { ...duck, open } });
    const read = files.filter((file) => asked.some((sql) => sql.includes(file)));
    expect([files.length, read.length]).toEqual([6, 1]);
    expect(await contents('bounds')).toContain('2,4,5,9');
  });
});

describe('a merge without a sequence', () => {
  const cell = (rows: string) => ({
    twice: `---\nmaterialize: incremental\nunique_key: [id, day]\n---\nselect * from (values ${rows}) t(id, day, v)`,
  });

  it('refuses different rows of one key by name, and publishes nothing; rows that are the same are one', async () => {
    const run = (rows: string) => shop.run(sqlCells(cell(rows)), { owner: 'twice' });
    const held = () => shop.rows('select id, day, v from silver.twice order by all');
    expect((await run("(1, 'a', 1), (1, 'a', 1), (null, 'b', 2), (null, 'b', 3)")).state).toBe('succeeded');
    const before = await held();
    expect(before).toHaveLength(3);
    const { state, tasks } = await run("(7, 'a', 1), (7, 'a', 2), (8, 'b', null), (8, 'b', 1), (9, 'c', 1)");
    expect([state, tasks[0]?.error?.code]).toEqual(['failed', 'merge-cardinality']);
    expect(tasks[0]?.error?.message).toContain('keys: 2, such as id 7, day a; id 8, day b)');
    expect(await held()).toEqual(before);
    expect((await run("(7, 'a', 1), (7, 'a', 2)")).state).toBe('failed');
  });
});
