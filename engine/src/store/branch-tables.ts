import type { Database, Queryable } from './database.ts';
import { mainSchema, schemaOf } from './branch-database.ts';

/** All that a publish writes of what relations are: a table that publishing begins to write belongs here too. */
export const BRANCH_TABLES = [
  'relations',
  'intervals',
  'iceberg_tables',
  'iceberg_namespace_properties',
  'checks',
  'lineage',
  'model_versions',
  'model_aliases',
  'model_promotions',
  'online_features',
  'online_tables',
] as const;

export interface Fork {
  readonly branchId: string;
  readonly parentId: string;
  readonly title: string;
}

/** Makes the branch's schema with pointers to what its parent has published now (B3); `also` is in the same transaction. */
export async function forkTables(
  db: Database,
  fork: Fork,
  also: (tx: Queryable) => Promise<void> = () => Promise.resolve(),
): Promise<void> {
  await db.transaction(async (tx) => {
    await tx.query('set transaction isolation level repeatable read');
    await also(tx);
    await makeSchema(tx, fork.branchId, othersThan(fork));
    await copyPointers(tx, fork);
  });
}

/** Takes all names of a branch away; its files go with the next clean-up. */
export async function dropBranchTables(tx: Queryable, branchId: string): Promise<void> {
  await tx.query(`drop schema if exists ${schemaOf(branchId)} cascade`);
}

/** Gives the branches' schemas what migrations added since they were made. For the start of a server. */
export async function refitBranches(db: Database, forks: readonly Omit<Fork, 'title'>[]): Promise<void> {
  for (const fork of forks) await db.transaction((tx) => makeSchema(tx, fork.branchId, othersThan(fork)));
}

/** B2: of the notebook that it was forked from a branch sees no more than what it was forked with. */
function othersThan({ parentId }: Pick<Fork, 'parentId'>): string {
  return `r.owner_key <> 'notebook:' || '${parentId.replaceAll("'", "''")}'`;
}

/** Makes what is missing of a space's schema; `seen` says which relations `r` of main can be read there. */
export async function makeSchema(tx: Queryable, space: string, seen: string): Promise<void> {
  const schema = schemaOf(space);
  const main = await mainSchema(tx);
  await tx.query('select pg_advisory_xact_lock(724, hashtext($1))', [space]);
  await tx.query(`create schema if not exists ${schema}`);
  for (const table of BRANCH_TABLES) {
    await tx.query(`create table if not exists ${schema}.${table} (like ${main}.${table} including all)`);
    await addMissingColumns(tx, { space, main, table });
  }
  for (const view of ['readable_relations', 'readable_iceberg_tables'])
    await tx.query(`drop view if exists ${schema}.${view}`);
  await tx.query(`create view ${schema}.readable_relations as
    select * from ${schema}.relations union all
    select r.* from ${main}.relations r where ${seen} and not exists (
      select 1 from ${schema}.relations o where o.layer = r.layer and o.name = r.name)`);
  await tx.query(`create view ${schema}.readable_iceberg_tables as
    select * from ${schema}.iceberg_tables union all
    select t.* from ${main}.iceberg_tables t
      join ${main}.relations r on r.layer = t.table_namespace and r.name = t.table_name
     where ${seen} and not exists (select 1 from ${schema}.iceberg_tables o
       where o.catalog_name = t.catalog_name and o.table_namespace = t.table_namespace and o.table_name = t.table_name)`);
}

async function addMissingColumns(
  tx: Queryable,
  { space, main, table }: { space: string; main: string; table: string },
): Promise<void> {
  const columns = (schema: string) =>
    `select a.attname as name, format_type(a.atttypid, a.atttypmod) as type,
            (select pg_get_expr(d.adbin, d.adrelid) from pg_attrdef d where d.adrelid = a.attrelid and d.adnum = a.attnum) as value
       from pg_attribute a where a.attrelid = ${schema}::regclass and a.attnum > 0 and not a.attisdropped`;
  const { rows } = await tx.query<{ name: string; type: string; value: string | null }>(
    `select * from (${columns('$1')}) main where name not in (select name from (${columns('$2')}) own)`,
    [`${main}.${table}`, `${schemaOf(space)}.${table}`],
  );
  for (const { name, type, value } of rows) {
    const otherwise = value === null ? '' : ` default ${value}`;
    await tx.query(`alter table ${schemaOf(space)}.${table} add column "${name}" ${type}${otherwise}`);
  }
}

async function copyPointers(tx: Queryable, { branchId, parentId, title }: Fork): Promise<void> {
  const schema = schemaOf(branchId);
  const main = await mainSchema(tx);
  const owner = JSON.stringify({ owner_key: `notebook:${branchId}`, owner_title: title, notebook_id: branchId });
  const from = `notebook:${parentId}`;
  await tx.query(
    `insert into ${schema}.relations
     select (jsonb_populate_record(r, $1)).* from ${main}.relations r where r.owner_key = $2`,
    [owner, from],
  );
  await tx.query(
    `insert into ${schema}.lineage
     select (jsonb_populate_record(l, $1)).* from ${main}.lineage l where l.owner_key = $2`,
    [owner, from],
  );
  await tx.query(
    `insert into ${schema}.checks (run_id, layer, name, rule, status, violations, value, total, at)
     select c.run_id, c.layer, c.name, c.rule, c.status, c.violations, c.value, c.total, c.at from ${main}.checks c
       join ${schema}.relations r on r.layer = c.layer and r.name = c.name and r.run_id = c.run_id`,
  );
  for (const [table, layer, name] of [
    ['iceberg_tables', 'table_namespace', 'table_name'],
    ['intervals', 'layer', 'name'],
  ] as const)
    await tx.query(`insert into ${schema}.${table} select t.* from ${main}.${table} t
      join ${schema}.relations r on r.layer = t.${layer} and r.name = t.${name}`);
  await tx.query(
    `insert into ${schema}.model_versions
     select (jsonb_populate_record(v, case when v.owner_key = $2 then $1::jsonb - 'owner_title' else '{}' end)).* from ${main}.model_versions v
      where v.owner_key = $2 or exists (select 1 from ${main}.model_aliases a where a.name = v.name and a.version = v.version)`,
    [owner, from],
  );
  await tx.query(`insert into ${schema}.model_aliases select * from ${main}.model_aliases`);
}
