import { createTestDatabase } from '@datacraft/migrations/testing';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readManifest, readManifestList } from '../iceberg/file-cache.ts';
import { liveEntries, loadTable, snapshotsOf } from '../iceberg/load-table.ts';
import type { ManifestEntry } from '../iceberg/manifest.ts';
import { currentSnapshot } from '../iceberg/metadata.ts';
import { createLake } from '../lake/lake.ts';
import type { Workshop } from './testing/workshop.ts';
import { createWorkshop, sqlCells } from './testing/workshop.ts';

let shop: Workshop;
beforeAll(async () => {
  shop = await createWorkshop(await createTestDatabase());
});
afterAll(() => shop.close());

type Row = readonly [id: number, month: number, value: number, version: number];

const header =
  '---\nmaterialize: incremental\nstrategy: merge\nunique_key: [id, month]\nsequence_by: version\npartition_by: [month]\n---\n';

async function merge(name: string, rows: readonly Row[], deps: Partial<Workshop['deps']> = {}): Promise<void> {
  const lines = rows.map((row) => row.join(','));
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

const manifestsOf = async (name: string) => {
  const snapshot = currentSnapshot((await stateOf(name)).metadata);
  return readManifestList(shop.deps.lake, snapshot?.['manifest-list'] ?? '');
};
const withoutSpec = (entries: readonly ManifestEntry[]) => entries.map((entry) => ({ ...entry, specId: 0 }));

const months = (of: number, version: number): Row[] =>
  Array.from({ length: of * 3 }, (_, at) => [at % 3, Math.floor(at / 3), at, version]);

/** DuckDB gives a thread that many at once. */
const ROWS_OF_A_WRITER = 122_880;

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

  it('leaves manifests of other files as they are, and knows what is in those it wrote', async () => {
    await merge('kept', months(6, 1));
    await merge('kept', [[0, 5, 500, 2]]);
    const before = await manifestsOf('kept');
    await merge('kept', [[0, 5, 501, 3]]);
    const after = await manifestsOf('kept');
    const same = after.filter(({ manifest_path: path }) => before.some((one) => one.manifest_path === path));
    expect(same.map((one) => one.existing_files_count)).toEqual([5]);
    expect(after).toHaveLength(3);
    const fresh = createLake({ root: shop.deps.lake.root });
    for (const { manifest_path: path } of after)
      expect(withoutSpec(await readManifest(shop.deps.lake, path))).toEqual(
        withoutSpec(await readManifest(fresh, path)),
      );
  });

  it('writes each partition as one file, or two where writers meet, however the rows are mixed', async () => {
    const mixed = 'select i as id, (i % 150)::int as month, 1 as value, 1 as version from range(900000) t(i)';
    const report = await shop.run(sqlCells({ mixed: header + mixed }));
    expect(report.state).toBe('succeeded');
    const { files } = await stateOf('mixed');
    expect(files.length).toBeGreaterThanOrEqual(150);
    expect(files.length).toBeLessThanOrEqual(150 + 900_000 / ROWS_OF_A_WRITER);
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
      fc.integer({ min: 0, max: 5 }),
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
          for (const [at, batch] of batches.entries()) {
            // Of equals the one that came last; within a batch each version of a key is one row.
            const told = [...new Map(batch.map((each) => [`${each[0]},${each[1]},${each[3]}`, each])).values()];
            await merge(
              name,
              told.map(([id, month, value, version]) => [id, month, value, version * 10 + at]),
            );
            for (const [id, month, value, version] of told) {
              const next: Row = [id, month, value, version * 10 + at];
              const known = best.get(`${id},${month}`);
              if (known === undefined || next[3] >= known[3]) best.set(`${id},${month}`, next);
            }
          }
          const wanted = [...best.values()].map((each) => each.join(','));
          expect((await contents(name)).toSorted()).toEqual(wanted.toSorted());
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
    expect((await run("(1, 'a', 1), (1, 'a', 1), (2, 'b', 2), (2, 'c', 3)")).state).toBe('succeeded');
    const before = await held();
    expect(before).toHaveLength(3);
    const { state, tasks } = await run("(7, 'a', 1), (7, 'a', 2), (8, 'b', null), (8, 'b', 1), (9, 'c', 1)");
    expect([state, tasks[0]?.error?.code]).toEqual(['failed', 'merge-cardinality']);
    expect(tasks[0]?.error?.message).toContain('keys: 2, such as id 7, day a; id 8, day b)');
    expect(await held()).toEqual(before);
    expect((await run("(7, 'a', 1), (7, 'a', 2)")).state).toBe('failed');
  });
});

/** A merge whose rows are `lines` of a CSV file. */
async function runLines(name: string, header: string, columns: string, lines: readonly string[]) {
  const names = columns.replaceAll(/: \w+/g, '').replaceAll(' ', '');
  await shop.file(`${name}.csv`, `${names}\n${lines.join('\n')}\n`);
  const source = `\`\`\`source ${name}_in\ntype: csv\npath: ./${name}.csv\ncolumns: { ${columns} }\n\`\`\`\n`;
  const cell = `---\nmaterialize: incremental\n${header}---\nselect * from ${name}_in`;
  return shop.run(`${source}${sqlCells({ [name]: cell })}`, { owner: name });
}

describe('a merge into one partition', () => {
  const header = (by: string) => `unique_key: id\nsequence_by: v\npartition_by: [${by}]\n`;
  const columns = 'id: integer, part: varchar, moment: timestamp, v: integer';
  const lines = ['1,a/b=c é,2026-01-31 23:59:59,1', '2,,2026-02-01 00:00:00,1', '3,z,,1', '4,z,2026-02-01 00:00:00,1'];
  const run = async (name: string, by: string, some: readonly string[]) => {
    const { state, tasks } = await runLines(name, header(by), columns, some);
    expect(state, JSON.stringify(tasks)).toBe('succeeded');
  };
  const partitionsIn = async (name: string) => {
    const entries = await liveEntries(shop.deps.lake, currentSnapshot((await stateOf(name)).metadata));
    const rows = new Map<string, number>();
    for (const { data_file: file } of entries) {
      const partition = JSON.stringify(Object.values(file.partition));
      rows.set(partition, (rows.get(partition) ?? 0) + file.record_count);
    }
    return [...rows].map(([partition, count]) => `${partition} ${count}`).toSorted();
  };
  const rowsIn = async (name: string) =>
    (await shop.rows(`select id, part, moment, v from silver.${name} order by id`)).map((row) => row.join());

  it.each(['part, month(moment)', 'moment', 'truncate(1, part)', 'bucket(4, id), part', 'v'])(
    'by %s has the values that one into many has',
    async (by) => {
      const [one, all] = [`one_${by.replaceAll(/\W/g, '')}`, `all_${by.replaceAll(/\W/g, '')}`];
      await run(all, by, lines);
      for (const line of lines) await run(one, by, [line]);
      expect(await partitionsIn(one)).toEqual(await partitionsIn(all));
      const newer = lines.map((line) => line.replace(/1$/, '2'));
      await run(all, by, newer);
      for (const line of newer) await run(one, by, [line]);
      expect(await partitionsIn(one)).toEqual(await partitionsIn(all));
      expect(await rowsIn(one)).toEqual(await rowsIn(all));
    },
  );

  it('writes several where a row comes from another one', async () => {
    await run('moved', 'part', ['1,a,,1', '2,a,,1', '3,b,,1', '4,b,,1', '5,b,,1']);
    await run('moved', 'part', ['1,b,,2']);
    expect(await partitionsIn('moved')).toEqual(['["a"] 1', '["b"] 4']);
    expect(await rowsIn('moved')).toEqual(['1,b,,2', '2,a,,1', '3,b,,1', '4,b,,1', '5,b,,1']);
  });
});

describe('a merge of rows without a key', () => {
  const run = (lines: readonly string[], more = '') =>
    runLines('loose', `unique_key: [id, day]\nsequence_by: v\n${more}`, 'id: integer, day: varchar, v: integer', lines);
  const held = () => shop.rows('select id, day, v from silver.loose order by all');

  it('is refused by name and with rows, first or later, and publishes nothing', async () => {
    expect((await run([',a,1'])).state).toBe('failed');
    expect((await run(['1,a,1', '2,b,1'])).state).toBe('succeeded');
    const { state, tasks } = await run(['3,c,1', ',d,2', ',,3', ',d,4']);
    const error = tasks.find(({ cell }) => cell === 'loose')?.error;
    expect([state, error?.code]).toEqual(['failed', 'merge-key-null']);
    expect(error?.message).toContain('(NULL in id, day; rows: 3, such as id NULL, day d, v 2; id NULL, day NULL, v 3;');
    expect(await held()).toEqual([
      [1, 'a', 1],
      [2, 'b', 1],
    ]);
  });

  it('takes the others where a test sets those aside', async () => {
    const aside = 'expect:\n  - not_null: [id, day]\n    on_violation: quarantine\n';
    expect((await run(['3,c,1', ',d,2'], aside)).state).toBe('succeeded');
    expect(await held()).toContainEqual([3, 'c', 1]);
    expect(await shop.rows('select day, v from silver.loose_quarantine')).toEqual([['d', 2]]);
  });
});

describe('a merge by a key that is NaN', () => {
  const run = async (lines: readonly string[]) => {
    const header = 'unique_key: k\nsequence_by: v\npartition_by: [part]\n';
    const { state } = await runLines('nan', header, 'k: double, part: varchar, v: integer', lines);
    expect(state).toBe('succeeded');
  };

  it('finds its row in the files, alone and beside numbers, and changes it once', async () => {
    await run(['1,a,1', 'nan,a,1', '2,b,1', '3,c,1', '4,d,1']);
    const before = await stateOf('nan');
    await run(['nan,a,2']);
    expect((await stateOf('nan')).files.filter((file) => before.files.includes(file))).toHaveLength(3);
    await run(['nan,a,3', '9,e,1']);
    const once = await stateOf('nan');
    await run(['9,e,1', 'nan,a,3']);
    expect((await stateOf('nan')).metadataLocation).toBe(once.metadataLocation);
    const rows = await shop.rows('select k::varchar, v from silver.nan order by k');
    expect(rows.map(([k, v]) => `${String(k)} ${String(v)}`)).toEqual([
      '1.0 1',
      '2.0 1',
      '3.0 1',
      '4.0 1',
      '9.0 1',
      'nan 3',
    ]);
  });
});
