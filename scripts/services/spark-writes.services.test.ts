import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answerRest, restText } from '../../engine/src/iceberg/rest.ts';
import { loadTable, snapshotsOf } from '../../engine/src/iceberg/load-table.ts';
import { revert } from '../../engine/src/publish/revert.ts';
import type { Workshop } from '../../engine/src/run/testing/workshop.ts';
import { createWorkshop, sqlCells, taskOf } from '../../engine/src/run/testing/workshop.ts';
import type { SparkSession } from '../../engine/src/spark/session.ts';
import { openSpark } from '../../engine/src/spark/session.ts';
import type { TestDatabase } from '../../migrations/test-database.ts';
import { createTestDatabase } from '../../migrations/test-database.ts';
import { command } from './cache.ts';
import { useServices } from './for-tests.ts';
import { addCatalog, sparkRows } from './spark-catalog.ts';

const env = useServices('pyiceberg', 'spark');
const EXACT_LIMIT = 2n ** 53n;

let database: TestDatabase;
let shop: Workshop;
let spark: SparkSession;
beforeAll(async () => {
  database = await createTestDatabase();
  shop = await createWorkshop(database);
  spark = openSpark(env['SPARK_URL'] ?? '');
  await addCatalog(spark, database.url, shop.deps.lake.root);
});
afterAll(async () => {
  await spark.close();
  await shop.close();
});

const inSpark = (sql: string) => sparkRows(spark, sql);

/** Spark's writes until one gets an id that no double holds, which all but one in a thousand do at once. */
async function insertWide(table: string, values: string): Promise<string> {
  for (;;) {
    await inSpark(`insert into datacraft.silver.${table} ${values}`);
    const [[id] = []] = await inSpark(
      `select cast(snapshot_id as string) from datacraft.silver.${table}.snapshots order by committed_at desc limit 1`,
    );
    if (typeof id === 'string' && BigInt(id) > EXACT_LIMIT) return id;
  }
}

async function snapshots(name: string) {
  const table = await loadTable(shop.deps.db, shop.deps.lake, { layer: 'silver', name });
  if (!table) throw new Error(`no table silver.${name}`);
  return snapshotsOf(table);
}

/** What pyiceberg finds in the catalogue: the rows now, at a snapshot, and the current id. */
async function inPython(name: string, snapshotId: string): Promise<unknown> {
  const program = `
import json, sys
from pyiceberg.catalog.sql import SqlCatalog
uri, lake, name, at = sys.argv[1:5]
table = SqlCatalog('datacraft', uri=uri, warehouse=lake, init_catalog_tables='false').load_table(name)
ids = lambda scan: sorted(scan.to_arrow()['id'].to_pylist())
print(json.dumps({'now': ids(table.scan()), 'then': ids(table.scan(snapshot_id=int(at))), 'current': str(table.current_snapshot().snapshot_id)}))`;
  const uri = database.url.replace(/^postgres(ql)?:/, 'postgresql+psycopg2:');
  const args = ['-c', program, uri, `file://${shop.deps.lake.root}`, `silver.${name}`, snapshotId];
  return JSON.parse(await command(`${env['PYICEBERG_BIN']}/python`, args)) as unknown;
}

const three = `select i::bigint as id, 'n' || i as name from range(1, 4) t(i)`;
const idsOf = (name: string, request = {}) => shop.rows(`select id::int from silver.${name} order by id`, request);
const idRows = (...ids: number[]) => ids.map((id) => [id]);

describe('a table that Spark writes too', () => {
  it('is read with every snapshot id exact: now, as of an id, in the list, by the REST catalogue', async () => {
    await shop.run(sqlCells({ both: three }));
    const id = await insertWide('both', `values (4, 'spark')`);
    expect(await shop.rows('select id::int, name from silver.both order by id')).toEqual([
      ...[1, 2, 3].map((each) => [each, `n${each}`]),
      [4, 'spark'],
    ]);
    expect(await snapshots('both')).toMatchObject([{ snapshotId: id, isCurrent: true }, { isCurrent: false }]);
    const [, first] = await snapshots('both');
    expect(await idsOf('both', { asOf: { snapshotId: first?.snapshotId } })).toEqual(idRows(1, 2, 3));
    expect(await idsOf('both', { asOf: { snapshotId: id } })).toEqual(idRows(1, 2, 3, 4));
    await expect(idsOf('both', { asOf: { snapshotId: String(BigInt(id) + 1n) } })).rejects.toMatchObject({
      code: 'not-found',
    });
    const request = { method: 'GET', path: 'v1/namespaces/silver/tables/both', query: new URLSearchParams() };
    const answer = await answerRest(request, {
      tables: () => Promise.resolve([]),
      table: (ref) => loadTable(shop.deps.db, shop.deps.lake, ref),
    });
    expect(restText(answer.body ?? {})).toContain(`"current-snapshot-id":${id},`);
  });

  it('shows a column that Spark adds, and rows that it changes and deletes', async () => {
    await shop.run(sqlCells({ changed: three }));
    await inSpark('alter table datacraft.silver.changed add columns (note string)');
    await insertWide('changed', `values (5, 'five', 'new')`);
    await inSpark(`update datacraft.silver.changed set note = 'old' where id = 1`);
    await inSpark('delete from datacraft.silver.changed where id = 2');
    await inSpark('alter table datacraft.silver.changed rename column name to title');
    expect(await shop.rows('select id::int, title, note from silver.changed order by id')).toEqual([
      [1, 'n1', 'old'],
      [3, 'n3', null],
      [5, 'five', 'new'],
    ]);
  });

  it('is published again over that: Spark and pyiceberg read the new state and the old one', async () => {
    await shop.run(sqlCells({ again: three }));
    await inSpark('alter table datacraft.silver.again add columns (note string)');
    const id = await insertWide('again', `values (9, 'spark', 'x')`);
    const report = await shop.run(sqlCells({ again: `${three} where i > 1` }));
    expect(taskOf(report, 'again')).toMatchObject({ state: 'succeeded' });
    expect(await snapshots('again')).toMatchObject([{ parentId: id }, { snapshotId: id }, {}]);
    expect(await idsOf('again')).toEqual(idRows(2, 3));
    await inSpark('refresh table datacraft.silver.again');
    expect(await inSpark('select cast(id as int) from datacraft.silver.again order by id')).toEqual(idRows(2, 3));
    const then = `select cast(id as int) from datacraft.silver.again version as of ${id} order by id`;
    expect(await inSpark(then)).toEqual(idRows(1, 2, 3, 9));
    expect(await inPython('again', id)).toEqual({
      now: [2, 3],
      then: [1, 2, 3, 9],
      current: taskOf(report, 'again').snapshotId,
    });
    await insertWide('again', `values (10, 'spark')`);
    expect(await idsOf('again')).toEqual(idRows(2, 3, 10));
  });

  it('keeps the rows of Spark beside those that a run appends, and goes back to a state that Spark made', async () => {
    await shop.file('in.csv', 'id\n1\n2\n');
    const header = '---\nmaterialize: incremental\nstrategy: append\n---\n';
    const text = `\`\`\`source lines\ntype: csv\npath: ./in.csv\n\`\`\`\n${sqlCells({ more: `${header}select id::bigint as id from lines` })}`;
    await shop.run(text);
    const id = await insertWide('more', 'values (100)');
    await shop.file('in.csv', 'id\n3\n');
    expect(taskOf(await shop.run(text), 'more')).toMatchObject({ state: 'succeeded' });
    expect(await idsOf('more')).toEqual(idRows(1, 2, 3, 100));
    const current = (await snapshots('more'))[0]?.snapshotId;
    expect(await inPython('more', id)).toEqual({ now: [1, 2, 3, 100], then: [1, 2, 100], current });
    await revert({ layer: 'silver', name: 'more' }, id, shop.deps);
    expect(await idsOf('more')).toEqual(idRows(1, 2, 100));
    await inSpark('refresh table datacraft.silver.more');
    expect(await inSpark('select cast(id as int) from datacraft.silver.more order by id')).toEqual(idRows(1, 2, 100));
  });

  it('may be partitioned by whole numbers of any size', async () => {
    const big = '9223372036854775807';
    const partition = '---\npartition_by: id\n---\n';
    await shop.run(sqlCells({ wide: `${partition}select * from (values (${big}::bigint), (5)) t(id)` }));
    await insertWide('wide', 'values (9007199254740993)');
    const all = [['5'], ['9007199254740993'], [big]];
    expect(await shop.rows('select id from silver.wide order by id')).toEqual(all);
    expect(await inSpark('select id from datacraft.silver.wide order by id')).toEqual(all);
    expect(await inSpark(`select id from datacraft.silver.wide where id = ${big}`)).toEqual([[big]]);
  });
});
