import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Workshop } from '../../engine/src/run/testing/workshop.ts';
import { createWorkshop, sqlCells } from '../../engine/src/run/testing/workshop.ts';
import type { SparkSession } from '../../engine/src/spark/session.ts';
import { openSpark } from '../../engine/src/spark/session.ts';
import { createTestDatabase } from '../../migrations/test-database.ts';
import { useServices } from './for-tests.ts';
import { addCatalog, sparkRows } from './spark-catalog.ts';

const env = useServices('spark');

let shop: Workshop;
let spark: SparkSession;

beforeAll(async () => {
  const database = await createTestDatabase();
  shop = await createWorkshop(database);
  spark = openSpark(env['SPARK_URL'] ?? '');
  await addCatalog(spark, database.url, shop.deps.lake.root);
});
afterAll(async () => {
  await spark.close();
  await shop.close();
});

const rows = (sql: string, signal?: AbortSignal): Promise<unknown[][]> => sparkRows(spark, sql, signal);

const both = async (columns: string, table: string, tail = ''): Promise<void> => {
  const ours = await shop.rows(`select ${columns} from silver.${table} ${tail}`);
  expect(ours.length).toBeGreaterThan(0);
  expect(await rows(`select ${columns} from datacraft.silver.${table} ${tail}`)).toEqual(ours);
};

describe('SQL over Spark Connect', () => {
  it('gives Arrow of the types asked for', async () => {
    const sql = `select 7 as i, 9007199254740993L as big, 1.5D as d, 'olá' as s, true as b, cast(null as int) as n, array(1, 2) as l`;
    const batches = [];
    for await (const batch of spark.run(sql)) batches.push(batch);
    expect(batches.flatMap((batch) => batch.schema.fields.map((field) => `${field.name} ${field.type}`)).join()).toBe(
      'i Int32,big Int64,d Float64,s Utf8,b Bool,n Int32,l List<Int32>',
    );
    const row = batches[0]?.get(0)?.toJSON() ?? {};
    expect([row['i'], row['big'], row['d'], row['s'], row['b'], row['n']]).toEqual([
      7,
      9007199254740993n,
      1.5,
      'olá',
      true,
      null,
    ]);
  });

  it('gives all of many rows, in more than one batch', async () => {
    let [batches, count, sum] = [0, 0, 0n];
    for await (const batch of spark.run('select id from range(0, 1000000, 1, 8)')) {
      batches++;
      count += batch.numRows;
      for (const id of (batch.getChild('id')?.toArray() ?? []) as Iterable<bigint>) sum += id;
    }
    expect({ count, sum }).toEqual({ count: 1_000_000, sum: 499_999_500_000n });
    expect(batches).toBeGreaterThan(1);
  });

  it('tells the columns of a result without rows', async () => {
    const fields = [];
    for await (const batch of spark.run('select 1 as a where false')) fields.push(...batch.schema.fields);
    expect(fields.map((field) => field.name)).toEqual(['a']);
  });

  it('says what is wrong with the SQL, and where', async () => {
    await expect(rows('select\n  nothing from range(1)')).rejects.toMatchObject({
      code: 'query-failed',
      message: expect.stringContaining('nothing') as string,
      facts: { line: 2, column: 3 },
    });
    await expect(rows('selec 1')).rejects.toMatchObject({ code: 'query-failed', facts: { line: 1, column: 1 } });
  });

  it('stops the work when the caller aborts, and the session goes on', async () => {
    const stop = new AbortController();
    const long = rows('select count(*) from range(4000000000) a cross join range(100000) b', stop.signal);
    setTimeout(() => stop.abort(), 1_500);
    await expect(long).rejects.toMatchObject({ code: 'cancelled' });
    expect(await rows('select 1')).toEqual([[1]]);
  });

  it('says that nobody answers at an address', async () => {
    const lost = openSpark('sc://127.0.0.1:1');
    await expect(lost.run('select 1').next()).rejects.toMatchObject({ code: 'source-unreadable' });
    await lost.close();
  });
});

const source = `select i::bigint as id, date '2024-01-15' + (i * 10)::int as day, timestamp '2024-01-15 22:30:00' + interval (i) hour as made,
  case when i % 3 > 0 then 'ca/n=al ' || (i % 3) end as channel, (i * 1.25)::decimal(9,2) as price from range(60) t(i)`;
const columns = 'id, cast(day as varchar(10)) as day, channel, cast(price as varchar(20)) as price';

describe('Iceberg tables of one catalogue', () => {
  it('published by a run are read in Spark', async () => {
    await shop.run(sqlCells({ plain: source }));
    await both(columns, 'plain', 'order by id');
    await shop.run(sqlCells({ plain: `${source} where i < 7` }));
    await rows('refresh table datacraft.silver.plain');
    await both(columns, 'plain', 'order by id');
  });

  const partitions = [
    'year(day)',
    'month(day)',
    'day(day)',
    'hour(made)',
    'bucket(16, id)',
    'truncate(5, channel)',
    'channel',
  ];
  it.each(partitions)('partitioned by %s are read in Spark, whole and filtered', async (field) => {
    const name = `by_${field.replaceAll(/\W+/g, '_')}`;
    await shop.run(
      sqlCells({ [name]: `---\npartition_by: [${/,/.test(field) ? `"${field}"` : field}]\n---\n${source}` }),
    );
    await both(columns, name, 'order by id');
    await both(columns, name, `where day between date '2025-02-01' and date '2025-03-31' order by id`);
    await both(columns, name, `where channel = 'ca/n=al 2' and id in (2, 5, 8) order by id`);
    await both('count(*) as n', name, 'where channel is null');
    await both(columns, name, `where made < timestamp '2024-01-16 03:00:00' order by id`);
  });
});
