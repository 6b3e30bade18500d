import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Workshop } from '../../engine/src/run/testing/workshop.ts';
import { createWorkshop, sqlCells } from '../../engine/src/run/testing/workshop.ts';
import { createTestDatabase } from '../../migrations/test-database.ts';
import { useServices } from './for-tests.ts';

const env = useServices('trino');

let shop: Workshop;
beforeAll(async () => {
  const database = await createTestDatabase();
  shop = await createWorkshop(database);
  await addCatalog(database.url, shop.deps.lake.root);
});
afterAll(() => shop.close());

interface Page {
  readonly nextUri?: string;
  readonly data?: readonly (readonly unknown[])[];
  readonly error?: { readonly message: string };
}

/** A statement's rows, by Trino's own protocol: pages until none is left. */
async function ask(sql: string): Promise<unknown[][]> {
  const headers = { 'x-trino-user': 'datacraft' };
  const all: unknown[][] = [];
  let answer = await fetch(`${env['TRINO_URL']}/v1/statement`, { method: 'POST', body: sql, headers });
  for (;;) {
    if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`);
    const page = (await answer.json()) as Page;
    if (page.error) throw new Error(page.error.message);
    all.push(...(page.data ?? []).map((row) => [...row]));
    if (page.nextUri === undefined) return all;
    answer = await fetch(page.nextUri, { headers });
  }
}

async function addCatalog(databaseUrl: string, lakeRoot: string): Promise<void> {
  const url = new URL(databaseUrl);
  const settings: Record<string, string> = {
    'iceberg.catalog.type': 'jdbc',
    'iceberg.jdbc-catalog.catalog-name': 'datacraft',
    'iceberg.jdbc-catalog.driver-class': 'org.postgresql.Driver',
    'iceberg.jdbc-catalog.connection-url': `jdbc:postgresql://${url.hostname}:${url.port}${url.pathname}`,
    'iceberg.jdbc-catalog.connection-user': decodeURIComponent(url.username),
    'iceberg.jdbc-catalog.connection-password': decodeURIComponent(url.password),
    'iceberg.jdbc-catalog.default-warehouse-dir': `file://${lakeRoot}`,
    'iceberg.jdbc-catalog.schema-version': 'V1',
    'fs.native-local.enabled': 'true',
    'local.location': '/',
  };
  const pairs = Object.entries(settings).map(([key, value]) => `"${key}" = '${value}'`);
  await ask(`create catalog datacraft using iceberg with (${pairs.join(', ')})`);
}

const source = `select i::bigint as id, date '2024-01-15' + (i * 10)::int as day,
  case when i % 3 > 0 then 'ca/n=al ' || (i % 3) end as channel, (i * 1.25)::decimal(9,2) as price from range(60) t(i)`;
const columns = 'cast(id as int) as id, cast(day as varchar(10)) as day, channel, cast(price as varchar(20)) as price';

async function both(table: string, tail: string): Promise<void> {
  const ours = await shop.rows(`select ${columns} from silver.${table} ${tail}`);
  expect(ours.length).toBeGreaterThan(0);
  expect(await ask(`select ${columns} from datacraft.silver.${table} ${tail}`)).toEqual(ours);
}

describe('Trino, by the catalogue in our database', () => {
  it('reads a table that a run published, and the next version of it', async () => {
    await shop.run(sqlCells({ plain: source }));
    await both('plain', 'order by id');
    await shop.run(sqlCells({ plain: `${source} where i < 7` }));
    await both('plain', 'order by id');
  });

  it.each(['month(day)', 'bucket(16, id)', 'channel'])('reads a table partitioned by %s', async (field) => {
    const name = `by_${field.replaceAll(/\W+/g, '_').replace(/_+$/, '')}`;
    await shop.run(sqlCells({ [name]: `---\npartition_by: "${field}"\n---\n${source}` }));
    await both(name, 'order by id');
    await both(name, `where channel = 'ca/n=al 2' and day > date '2024-06-01' order by id`);
    await both(name, 'where channel is null order by id');
  });

  it('writes rows that we read, with its snapshot id exact', async () => {
    await shop.run(sqlCells({ shared: source }));
    await ask(`insert into datacraft.silver.shared values (1000, date '2025-01-01', 'trino', 1.50)`);
    await both('shared', 'order by id');
    const [[id] = []] = await ask(
      `select cast(snapshot_id as varchar) from datacraft.silver."shared$snapshots" order by committed_at desc limit 1`,
    );
    expect(await shop.rows('select count(*)::int from silver.shared', { asOf: { snapshotId: String(id) } })).toEqual([
      [61],
    ]);
  });
});
