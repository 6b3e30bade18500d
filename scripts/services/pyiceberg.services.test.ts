import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadTable, maintain, setRetention, tagSnapshot } from '../../engine/src/index.ts';
import type { Workshop } from '../../engine/src/run/testing/workshop.ts';
import { createWorkshop, sqlCells } from '../../engine/src/run/testing/workshop.ts';
import type { TestDatabase } from '../../migrations/test-database.ts';
import { createTestDatabase } from '../../migrations/test-database.ts';
import { command } from './cache.ts';
import { useServices } from './for-tests.ts';

const env = useServices('pyiceberg');

let database: TestDatabase;
let shop: Workshop;
beforeAll(async () => {
  database = await createTestDatabase();
  shop = await createWorkshop(database);
});
afterAll(() => shop.close());

const source = `select i::bigint as id, date '2024-01-15' + (i * 10)::int as day, timestamp '2024-01-15 22:30:00' + interval (i) hour as made,
  case when i % 3 > 0 then 'ca/n=al ' || (i % 3) end as channel, (i * 1.25)::decimal(9,2) as price from range(60) t(i)`;

interface Seen {
  readonly whole: readonly number[];
  readonly ids: readonly number[];
  readonly files: number;
  readonly allFiles: number;
}

/** What pyiceberg finds through the catalogue in our database, and how many files it had to open for it. */
async function seenBy(table: string, filter: string): Promise<Seen> {
  const program = `
import json, sys
from pyiceberg.catalog.sql import SqlCatalog
uri, lake, name, where = sys.argv[1:5]
catalog = SqlCatalog('datacraft', uri=uri, warehouse=lake, init_catalog_tables='false')
table = catalog.load_table(name)
whole, some = table.scan(), table.scan(row_filter=where)
ids = lambda scan: sorted(scan.to_arrow()['id'].to_pylist())
count = lambda scan: len(list(scan.plan_files()))
print(json.dumps({'whole': ids(whole), 'ids': ids(some), 'files': count(some), 'allFiles': count(whole)}))`;
  const uri = database.url.replace(/^postgres(ql)?:/, 'postgresql+psycopg2:');
  const args = ['-c', program, uri, `file://${shop.deps.lake.root}`, `silver.${table}`, filter];
  return JSON.parse(await command(`${env['PYICEBERG_BIN']}/python`, args)) as Seen;
}

/** Rows of each branch and tag. */
async function refsSeenBy(table: string): Promise<Record<string, number>> {
  const program = `
import json, sys
from pyiceberg.catalog.sql import SqlCatalog
uri, lake, name = sys.argv[1:4]
table = SqlCatalog('datacraft', uri=uri, warehouse=lake, init_catalog_tables='false').load_table(name)
print(json.dumps({ref: table.scan(snapshot_id=to.snapshot_id).to_arrow().num_rows for ref, to in table.metadata.refs.items()}))`;
  const uri = database.url.replace(/^postgres(ql)?:/, 'postgresql+psycopg2:');
  const args = ['-c', program, uri, `file://${shop.deps.lake.root}`, `silver.${table}`];
  return JSON.parse(await command(`${env['PYICEBERG_BIN']}/python`, args)) as Record<string, number>;
}

async function ourIds(table: string, filter: string): Promise<number[]> {
  const rows = await shop.rows(`select id::int from silver.${table} where ${filter} order by id`);
  return rows.map((row) => Number(row[0]));
}

describe('pyiceberg', () => {
  it('reads a table published by a run, and the next version of it', async () => {
    await shop.run(sqlCells({ plain: source }));
    expect((await seenBy('plain', 'id < 50')).whole).toEqual(await ourIds('plain', 'true'));
    await shop.run(sqlCells({ plain: `${source} where i >= 40` }));
    expect((await seenBy('plain', 'id < 50')).whole).toEqual(Array.from({ length: 20 }, (_, index) => index + 40));
  });

  it('reads a table that was tagged, compacted, expired and swept, and the snapshot of the tag', async () => {
    const cells = (turn: number) =>
      sqlCells({
        kept_new: `select ${turn} as turn`,
        kept: `---\nmaterialize: incremental\nstrategy: append\n---\nselect turn * 10 + i as id from kept_new, range(3) t(i)`,
      });
    const ref = { layer: 'silver', name: 'kept' } as const;
    for (let turn = 0; turn < 6; turn += 1) {
      await shop.run(cells(turn));
      const table = turn === 1 ? await loadTable(shop.deps.db, shop.deps.lake, ref) : null;
      if (table) await tagSnapshot(ref, 'second', table.snapshotId, shop.deps);
    }
    await setRetention(ref, { days: null, snapshots: 1 }, shop.deps);
    for (const hours of [1, 4]) {
      const now = () => new Date(Date.now() + hours * 3_600_000);
      await maintain({ ...shop.deps, now }, { tables: [ref], dryRun: false, graceMs: 3_600_000 });
    }
    expect((await seenBy('kept', 'id < 10')).whole).toEqual(await ourIds('kept', 'true'));
    expect((await seenBy('kept', 'id < 10')).files).toBe(1);
    expect(await refsSeenBy('kept')).toEqual({ main: 18, second: 6 });
  });

  it.each([
    ['month(day)', `day >= '2025-02-01' and day < '2025-03-01'`],
    ['year(day)', `day >= '2025-01-01'`],
    ['hour(made)', `made < '2024-01-16T03:00:00'`],
    ['bucket(16, id)', 'id = 5'],
    ['truncate(8, channel)', `channel = 'ca/n=al 2'`],
    ['channel', `channel = 'ca/n=al 1'`],
    ['channel', 'channel is null'],
  ])(
    'opens fewer files of a table partitioned by %s where %s, and finds the rows that we find',
    async (field, filter) => {
      const name = `by_${`${field}_${filter}`.replaceAll(/\W+/g, '_').toLowerCase().replace(/_+$/, '')}`;
      await shop.run(sqlCells({ [name]: `---\npartition_by: "${field}"\n---\n${source}` }));
      const some = await seenBy(name, filter);
      expect(some.whole).toEqual(await ourIds(name, 'true'));
      expect(some.ids.length).toBeGreaterThan(0);
      expect(some.ids).toEqual(await ourIds(name, filter));
      expect(some.files).toBeLessThan(some.allFiles);
    },
  );
});
