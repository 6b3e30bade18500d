import { createTestDatabase } from '@datacraft/migrations/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadRelations } from '../store/relations.ts';
import type { Workshop } from './testing/workshop.ts';
import { createWorkshop, sqlCells, taskOf } from './testing/workshop.ts';

let shop: Workshop;
beforeAll(async () => {
  shop = await createWorkshop(await createTestDatabase());
});
afterAll(() => shop.close());

type Row = readonly [id: number | null, city: string, at: string];

function notebook(name: string, header: string, more: Readonly<Record<string, string>> = {}): string {
  const source = `\`\`\`source ${name}_in\ntype: csv\npath: ./${name}.csv\ncolumns: { id: integer, city: varchar, since: date }\n\`\`\`\n`;
  return `${source}\n${sqlCells({ [name]: `---\nlayer: gold\nmaterialize: dimension\nunique_key: id\n${header}\n---\nselect id, city, since from ${name}_in`, ...more })}`;
}

async function load(name: string, rows: readonly Row[]) {
  await shop.file(
    `${name}.csv`,
    `id,city,since\n${rows.map((row) => row.map((value) => value ?? '').join(',')).join('\n')}\n`,
  );
}

async function runWith(name: string, header: string, rows: readonly Row[], fullRefresh = false) {
  await load(name, rows);
  const report = await shop.run(notebook(name, header), { owner: name, fullRefresh });
  expect(report.tasks.flatMap((task) => task.error ?? [])).toEqual([]);
  return report;
}

const scd2 = 'scd: 2\nsequence_by: since';
const timeline = (name: string) =>
  shop.rows(
    `select id, city, valid_from::varchar, valid_to::varchar, is_current from gold.${name} where ${name}_key <> -1 order by id, valid_from`,
  );
const keys = (name: string) =>
  shop.rows(`select id, city, ${name}_key::integer from gold.${name} where ${name}_key <> -1 order by ${name}_key`);

describe('a dimension of SCD 2', () => {
  it('D1 D2 opens a version for each change, keeps keys over runs, and has the unknown member', async () => {
    await runWith('dim_a', scd2, [
      [1, 'SP', '2024-01-01'],
      [2, 'RJ', '2024-01-01'],
    ]);
    await runWith('dim_a', scd2, [
      [1, 'BH', '2024-03-01'],
      [2, 'RJ', '2024-02-01'],
      [3, 'SP', '2024-03-01'],
    ]);
    expect(await timeline('dim_a')).toEqual([
      [1, 'SP', '2024-01-01', '2024-03-01', false],
      [1, 'BH', '2024-03-01', null, true],
      [2, 'RJ', '2024-01-01', null, true],
      [3, 'SP', '2024-03-01', null, true],
    ]);
    expect(await keys('dim_a')).toEqual([
      [1, 'SP', 1],
      [2, 'RJ', 2],
      [1, 'BH', 3],
      [3, 'SP', 4],
    ]);
    expect(
      await shop.rows('select dim_a_key::integer, id, city, is_current from gold.dim_a where dim_a_key = -1'),
    ).toEqual([[-1, null, null, true]]);
  });

  it('skips a second run with nothing new', async () => {
    const report = await runWith('dim_a', scd2, [
      [1, 'BH', '2024-03-01'],
      [2, 'RJ', '2024-02-01'],
      [3, 'SP', '2024-03-01'],
    ]);
    expect(taskOf(report, 'dim_a')).toMatchObject({ state: 'skipped', reason: 'fresh' });
  });

  it('D3 late rows part the versions they fall into, also one that is said again after them', async () => {
    await runWith('dim_late', scd2, [[1, 'SP', '2024-01-01']]);
    await runWith('dim_late', scd2, [[1, 'SP', '2024-05-01']]);
    await runWith('dim_late', scd2, [[1, 'RJ', '2024-03-01']]);
    await runWith('dim_late', scd2, [[1, 'BH', '2023-06-01']]);
    expect(await timeline('dim_late')).toEqual([
      [1, 'BH', '2023-06-01', '2024-01-01', false],
      [1, 'SP', '2024-01-01', '2024-03-01', false],
      [1, 'RJ', '2024-03-01', '2024-05-01', false],
      [1, 'SP', '2024-05-01', null, true],
    ]);
    expect((await keys('dim_late'))[0]).toEqual([1, 'SP', 1]);
  });

  it('D3 every order of the same rows, one run each, gives one timeline', async () => {
    const rows: Row[] = [
      [1, 'A', '2024-01-01'],
      [1, 'B', '2024-02-01'],
      [1, 'A', '2024-03-01'],
      [1, 'C', '2024-04-01'],
    ];
    const orders = [
      [0, 1, 2, 3],
      [3, 2, 1, 0],
      [2, 0, 3, 1],
      [1, 3, 0, 2],
    ];
    for (const [at, order] of orders.entries()) {
      const name = `dim_order${at}`;
      for (const index of order) await runWith(name, scd2, rows.slice(index, index + 1));
      expect((await timeline(name)).map((row) => [row[1], row[2]])).toEqual(rows.map((row) => [row[1], row[2]]));
    }
  }, 60_000);

  it('D1 a full refresh forgets what no longer comes and keeps the keys of what does', async () => {
    await runWith('dim_full', scd2, [
      [1, 'SP', '2024-01-01'],
      [2, 'RJ', '2024-01-01'],
    ]);
    await runWith('dim_full', scd2, [[2, 'BH', '2024-02-01']]);
    await runWith(
      'dim_full',
      scd2,
      [
        [2, 'RJ', '2024-01-01'],
        [2, 'BH', '2024-02-01'],
        [9, 'SP', '2024-01-01'],
      ],
      true,
    );
    expect(await keys('dim_full')).toEqual([
      [2, 'RJ', 2],
      [2, 'BH', 3],
      [9, 'SP', 4],
    ]);
  });

  it('counts rows without a key as rejected, and refuses rows without a place in time', async () => {
    const report = await runWith('dim_null', scd2, [
      [null, 'SP', '2024-01-01'],
      [1, 'RJ', '2024-01-01'],
    ]);
    expect(taskOf(report, 'dim_null').state).toBe('succeeded');
    const published = await loadRelations(shop.deps.db, [{ layer: 'gold', name: 'dim_null' }]);
    expect(published.get('gold.dim_null')?.rejected).toBe(1);
    await load('dim_null', [[1, 'RJ', '']]);
    const refused = await shop.run(notebook('dim_null', scd2), { owner: 'dim_null' });
    expect(taskOf(refused, 'dim_null').error?.message).toMatch(/1 rows have no `since`/);
  });

  it('without a sequence, versions begin at the time of the run that saw them', async () => {
    await load('dim_clock', [[1, 'SP', '2024-01-01']]);
    const text = notebook('dim_clock', 'scd: 2');
    await shop.run(text, { owner: 'clock', deps: { now: () => new Date('2025-01-01T00:00:00Z') } });
    await load('dim_clock', [[1, 'RJ', '2024-01-01']]);
    await shop.run(text, { owner: 'clock', deps: { now: () => new Date('2025-01-02T00:00:00Z') } });
    expect(await timeline('dim_clock')).toEqual([
      [1, 'SP', '2025-01-01 00:00:00', '2025-01-02 00:00:00', false],
      [1, 'RJ', '2025-01-02 00:00:00', null, true],
    ]);
  });
});

describe('a dimension of SCD 0 and 1', () => {
  it('SCD 0 keeps what was said first, SCD 1 what is latest by sequence, whenever it comes', async () => {
    for (const [name, scd] of [
      ['dim_zero', 0],
      ['dim_one', 1],
    ] as const) {
      const header = `scd: ${scd}\nsequence_by: since`;
      await runWith(name, header, [
        [1, 'SP', '2024-02-01'],
        [2, 'RJ', '2024-01-01'],
      ]);
      await runWith(name, header, [
        [1, 'BH', '2024-03-01'],
        [2, 'XX', '2023-01-01'],
      ]);
      const wanted =
        scd === 0
          ? [
              [1, 'SP', 1],
              [2, 'RJ', 2],
            ]
          : [
              [1, 'BH', 1],
              [2, 'RJ', 2],
            ];
      expect(await keys(name)).toEqual(wanted);
    }
  });
});

describe('a fact', () => {
  const fact = (header: string) =>
    `---\nlayer: gold\nmaterialize: fact\ndimensions: { id: dim_c }\n${header}\n---\nselect * from (values (10, 1, date '2024-01-15', 5), (11, 1, date '2024-06-01', 7), (12, 7, date '2024-01-15', 1), (13, null, date '2024-01-15', 1)) as t(sale, id, day, amount)`;
  const rows = () => shop.rows('select sale, dim_c_key::integer from gold.fact_c order by sale');

  it('K1 finds the version valid at its time, and -1 for NULL and what is not known; K3 heals when it comes', async () => {
    await load('dim_c', [
      [1, 'SP', '2024-01-01'],
      [1, 'RJ', '2024-03-01'],
    ]);
    const text = notebook('dim_c', scd2, { fact_c: fact('unique_key: sale\ntime_column: day') });
    const report = await shop.run(text, { owner: 'c' });
    expect(report.tasks.flatMap((task) => task.error ?? [])).toEqual([]);
    expect(await rows()).toEqual([
      [10, 1],
      [11, 2],
      [12, -1],
      [13, -1],
    ]);
    await load('dim_c', [[7, 'BH', '2024-01-02']]);
    await shop.run(text, { owner: 'c' });
    expect(await rows()).toEqual([
      [10, 1],
      [11, 2],
      [12, 3],
      [13, -1],
    ]);
    expect((await shop.run(text, { owner: 'c' })).tasks.map((task) => task.reason)).toEqual([
      'fresh',
      'fresh',
      'fresh',
    ]);
  });

  it('without a time it finds the current version; another notebook’s dimension is found by its own key', async () => {
    const text = sqlCells({ fact_c2: fact('').replace('id: dim_c', 'id: gold.dim_c') });
    const report = await shop.run(text, { owner: 'c2' });
    expect(report.tasks.flatMap((task) => task.error ?? [])).toEqual([]);
    expect(await shop.rows('select sale, dim_c_key::integer from gold.fact_c2 order by sale')).toEqual([
      [10, 2],
      [11, 2],
      [12, 3],
      [13, -1],
    ]);
  });
});

describe('a vault', () => {
  const vault = {
    hub_x: '---\nmaterialize: hub\nunique_key: id\nsequence_by: since\n---\nselect id, since from dim_x_in',
    hub_city: '---\nmaterialize: hub\nunique_key: city\nsequence_by: since\n---\nselect city, since from dim_x_in',
    link_x:
      '---\nmaterialize: link\nhubs: { id: hub_x, city: hub_city }\nsequence_by: since\n---\nselect id, city, since from dim_x_in',
    sat_x:
      '---\nmaterialize: satellite\nhub: hub_x\nunique_key: id\nsequence_by: since\n---\nselect id, city, since from dim_x_in',
    dim_v: `---\nlayer: gold\nmaterialize: dimension\nscd: 2\nunique_key: id\nsequence_by: since\n---\nselect id, city, since from hub_x join sat_x using (hub_x_hk)`,
  };

  it('V1 V3 adds and never changes, and the star from the vault equals the star from silver, late rows and all', async () => {
    const text = notebook('dim_x', scd2, vault);
    const loads: Row[][] = [
      [
        [1, 'SP', '2024-01-01'],
        [2, 'RJ', '2024-01-01'],
      ],
      [
        [1, 'SP', '2024-05-01'],
        [2, 'BH', '2024-02-01'],
      ],
      [
        [1, 'RJ', '2024-03-01'],
        [3, 'SP', '2023-01-01'],
      ],
    ];
    for (const rows of loads) {
      await load('dim_x', rows);
      const report = await shop.run(text, { owner: 'x' });
      expect(report.tasks.flatMap((task) => task.error ?? [])).toEqual([]);
    }
    expect(await timeline('dim_v')).toEqual(await timeline('dim_x'));
    expect(await timeline('dim_v')).toHaveLength(6);
    expect(await shop.rows('select id, load_date::varchar, record_source from silver.hub_x order by id')).toEqual([
      [1, '2024-01-01', 'bronze.dim_x_in'],
      [2, '2024-01-01', 'bronze.dim_x_in'],
      [3, '2023-01-01', 'bronze.dim_x_in'],
    ]);
    const orphans = await shop.rows(
      'select count(*)::integer from silver.link_x anti join silver.hub_x using (hub_x_hk) union all select count(*)::integer from silver.link_x',
    );
    expect(orphans).toEqual([[0], [5]]);
  });
});
