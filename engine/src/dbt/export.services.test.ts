import { cp, readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { createTestDatabase } from '@datacraft/migrations/testing';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { useServices } from '../../../scripts/services/for-tests.ts';
import type { Workshop } from '../run/testing/workshop.ts';
import { createWorkshop } from '../run/testing/workshop.ts';
import { dbtProject } from './export/export.ts';
import { builtRows, dbt, writeProject } from './testing/dbt.ts';
import { portable, star } from './testing/notebooks.ts';

const env = useServices('dbt', 'postgres');
let shop: Workshop;
const projects: string[] = [];
beforeAll(async () => {
  shop = await createWorkshop(await createTestDatabase());
});
afterAll(async () => {
  await shop.close();
  await Promise.all(projects.map((path) => rm(path, { recursive: true, force: true })));
});

async function exported(text: string, owner: string) {
  const project = await dbtProject(await shop.input(text, { owner }), shop.deps);
  const root = await writeProject(project.files);
  projects.push(root);
  return { ...project, root };
}

const built = (root: string, name: string, sql: string) =>
  builtRows(env['DBT_BIN'] ?? '', join(root, `${name}.duckdb`), sql);
const sorted = (table: string) => `select columns(*)::varchar from ${table} order by all`;
/** Members without a sequence are valid since the run, or the build, that saw them. */
const timeless = (table: string) => `select columns(lambda c: c <> 'valid_from')::varchar from ${table} order by all`;

describe('a notebook as a dbt project', () => {
  it('parses, builds and gives the tables of examples/ecommerce', async () => {
    const example = resolve('examples/ecommerce');
    await cp(join(example, 'data'), join(shop.root, 'files', 'data'), { recursive: true });
    const text = await readFile(join(example, 'notebook.md'), 'utf8');
    const report = await shop.run(text, { owner: 'ecommerce' });
    expect(report.tasks.flatMap((task) => task.error ?? [])).toEqual([]);
    const { root, name, files, notes } = await exported(text, 'ecommerce');
    expect(name).toBe('vendas_por_canal');
    expect([...files.keys()]).toContain('seeds/orders_raw.csv');
    expect(notes.map(({ cell }) => cell)).toContain('sales_by_channel');
    await dbt(env['DBT_BIN'] ?? '', root, 'parse');
    await dbt(env['DBT_BIN'] ?? '', root, 'build');
    for (const task of report.tasks) {
      const isRead = files.has(`data/${task.relation?.replace('.', '/')}.parquet`);
      if (task.relation === null || isRead) continue;
      const ours = await shop.rows(timeless(task.relation));
      expect(await built(root, name, timeless(task.relation)), task.relation).toEqual(ours);
    }
  });

  it('keeps incremental tables, versions, facts and what rules set aside, over two builds', async () => {
    await shop.file('people.csv', 'id,city,since\n1,Recife,2024-01-01\n2,Natal,2024-01-01\n');
    await shop.file('orders.csv', 'order_id,id,day,amount\n1,1,2024-01-05,10\n2,2,2024-01-06,20\n3,9,2024-01-07,-1\n');
    const first = await shop.run(star, { owner: 'star' });
    expect(first.tasks.flatMap((task) => task.error ?? [])).toEqual([]);
    const { root, name, files } = await exported(star, 'star');
    const compare = async () => {
      for (const table of tables) {
        const sql = sorted(table);
        expect(await built(root, name, sql), table).toEqual(await shop.rows(sql));
      }
    };
    await dbt(env['DBT_BIN'] ?? '', root, 'build');
    await compare();
    await shop.file('people.csv', 'id,city,since\n1,Olinda,2024-02-01\n2,Natal,2024-01-01\n3,Belém,2024-02-01\n');
    await shop.file('orders.csv', 'order_id,id,day,amount\n2,2,2024-01-06,25\n4,1,2024-02-03,30\n');
    const second = await shop.run(star, { owner: 'star' });
    expect(second.tasks.flatMap((task) => task.error ?? [])).toEqual([]);
    const again = await exported(star, 'star');
    for (const path of ['seeds/people.csv', 'seeds/orders_in.csv']) {
      expect(files.has(path)).toBe(true);
      await writeFile(join(root, path), again.files.get(path) ?? '');
    }
    await dbt(env['DBT_BIN'] ?? '', root, 'build');
    await compare();
  });

  it('builds in PostgreSQL what both understand, with the tables and tests it has here', async () => {
    await shop.file('sold.csv', 'id,day,channel,amount,rate\n1,2024-01-05,web,10.5,0.25\n2,2024-01-06,store,20,1.5\n');
    const report = await shop.run(portable, { owner: 'portable' });
    expect(report.tasks.flatMap((task) => task.error ?? [])).toEqual([]);
    const { root } = await exported(portable, 'portable');
    const { hostname, port, username, password } = new URL(env['POSTGRES_URL'] ?? '');
    const there = { PGHOST: hostname, PGPORT: port, PGUSER: username, PGPASSWORD: password, PGDATABASE: 'postgres' };
    const client = new pg.Client({ connectionString: env['POSTGRES_URL'] });
    await client.connect();
    try {
      for (const build of ['first', 'again']) {
        await dbt(env['DBT_BIN'] ?? '', root, 'build', ['--target', 'postgres'], there);
        for (const table of ['silver.sold', 'silver.days', 'gold.by_channel']) {
          const { rows } = await client.query<[string]>({ text: `select t::text from ${table} t`, rowMode: 'array' });
          const ours = (await shop.rows(sorted(table))).map((row) => `(${row.join(',')})`);
          expect(rows.map(([row]) => row).toSorted(), `${build}: ${table}`).toEqual(ours.toSorted());
        }
      }
    } finally {
      await client.end();
    }
  });
});

const tables = [
  'silver.bought',
  'silver.only_new',
  'silver.mirror',
  'silver.mirror_new',
  'silver.by_day',
  'silver.odd',
  '(select * exclude (_run_id) from silver.odd_quarantine)',
  'gold.dim_city',
  'gold.fact_orders',
];
