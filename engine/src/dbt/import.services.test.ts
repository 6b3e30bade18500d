import { cp, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { createTestDatabase } from '@datacraft/migrations/testing';
import { formatNotebook } from '@datacraft/shared';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { useServices } from '../../../scripts/services/for-tests.ts';
import type { Workshop } from '../run/testing/workshop.ts';
import { createWorkshop } from '../run/testing/workshop.ts';
import { importDbt } from './import/import.ts';
import { builtRows, dbt, writeProject } from './testing/dbt.ts';
import { filesBelow, textsOf } from './testing/project-files.ts';

const env = useServices('dbt');
const bakery = resolve('engine/src/dbt/testing/bakery');
let shop: Workshop;
let root = '';
beforeAll(async () => {
  shop = await createWorkshop(await createTestDatabase());
  root = await writeProject(await filesBelow(bakery));
});
afterAll(async () => {
  await shop.close();
  await rm(root, { recursive: true, force: true });
});

const sorted = (table: string, columns = '*') => `select columns(${columns})::varchar from ${table} order by all`;

it('an imported dbt project gives the tables that dbt builds', async () => {
  const bin = env['DBT_BIN'] ?? '';
  await dbt(bin, root, 'build');
  const { notebook, reads } = importDbt(textsOf(await filesBelow(bakery)));
  expect(reads).toEqual(['seeds/raw_customers.csv', 'seeds/raw_orders.csv', 'data/payments.csv']);
  await cp(bakery, join(shop.root, 'files'), { recursive: true });
  const report = await shop.run(formatNotebook(notebook));
  expect(report.tasks.flatMap((task) => task.error ?? [])).toEqual([]);
  const built = (sql: string) => builtRows(bin, join(root, 'bakery.duckdb'), sql);
  for (const [name, ours] of [
    ['raw_customers', 'bronze.raw_customers'],
    ['raw_orders', 'bronze.raw_orders'],
    ['stg_customers', 'silver.stg_customers'],
    ['stg_orders', 'silver.stg_orders'],
    ['orders', 'gold.orders'],
    ['customers', 'gold.customers'],
    ['order_states', 'gold.order_states'],
    ['zips', 'gold.zips'],
    ['customer_history', 'silver.customer_history'],
  ] as const)
    expect(await shop.rows(sorted(ours)), name).toEqual(await built(sorted(name)));
});
