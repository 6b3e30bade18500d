/**
 * Named environments: schemas of names that notebooks run in without touching production's.
 *
 * E1  What an environment did not write is production's: of a notebook, what production had when it last ran there; of
 *     one that never ran there, what production has now.
 * E2  Owners keep their keys, so that what is fresh in production is fresh here and is not made again.
 */
import type { EnvironmentSummary, EnvironmentTable } from '@datacraft/shared';
import { Fault, say, spaceOf } from '@datacraft/shared';
import { mainSchema, schemaOf } from './branch-database.ts';
import { dropBranchTables, makeSchema } from './branch-tables.ts';
import type { Database, Queryable } from './database.ts';
import type { Owner } from './relations.ts';

const EVERYTHING = 'true';

/** Makes the environment when it is not there. */
export async function openEnvironment(db: Database, name: string, by: string | null): Promise<void> {
  await db.transaction(async (tx) => {
    const { rowCount } = await tx.query(
      'insert into environments (name, created_by) values ($1, $2) on conflict do nothing',
      [name, by],
    );
    if (rowCount === 1) await makeSchema(tx, spaceOf(name), EVERYTHING);
  });
}

/** Gives the environments' schemas what migrations added since they were made. For the start of a server. */
export async function refitEnvironments(db: Database): Promise<void> {
  const { rows } = await db.query<{ name: string }>('select name from environments');
  for (const { name } of rows) await db.transaction((tx) => makeSchema(tx, spaceOf(name), EVERYTHING));
}

/** Before a run of `owner` in the environment: what it did not write there is production's as it is now (E1). */
export async function enterEnvironment(db: Database, name: string, owner: Pick<Owner, 'key'>): Promise<void> {
  await db.transaction((tx) => takePointers(tx, name, owner));
  await db.transaction((tx) => takeModels(tx, name, owner));
}

async function takePointers(tx: Queryable, name: string, { key }: Pick<Owner, 'key'>): Promise<void> {
  await tx.query('set transaction isolation level repeatable read');
  await refuseUnknown(tx, name);
  const [space, main] = [schemaOf(spaceOf(name)), await mainSchema(tx)];
  const own = `r.owner_key = '${key.replaceAll("'", "''")}'`;
  const untouched = `${own} and not ${writtenIn(main, name)}`;
  await forget(tx, space, untouched);
  await tx.query(`insert into ${space}.relations select ${as(`${space}.relations`, 'r')} from ${main}.relations r
    where ${own} and not exists (select 1 from ${space}.relations o where o.layer = r.layer and o.name = r.name)`);
  for (const [table, layer, of] of NAMED)
    await tx.query(`insert into ${space}.${table} select ${as(`${space}.${table}`, 't')} from ${main}.${table} t
      join ${space}.relations r on r.layer = t.${layer} and r.name = t.${of} and ${untouched}`);
}

/** The owner's models, and those of others that answer. */
async function takeModels(tx: Queryable, name: string, { key }: Pick<Owner, 'key'>): Promise<void> {
  const [space, main] = [schemaOf(spaceOf(name)), await mainSchema(tx)];
  await tx.query('select pg_advisory_xact_lock(724, hashtext($1))', [spaceOf(name)]);
  await tx.query(
    `insert into ${space}.model_versions select ${as(`${space}.model_versions`, 'v')} from ${main}.model_versions v
      where (v.owner_key = $1 or exists (select 1 from ${main}.model_aliases a where a.name = v.name and a.version = v.version))
        and not exists (select 1 from ${space}.model_versions o where o.name = v.name and o.version = v.version)`,
    [key],
  );
  await tx.query(`insert into ${space}.model_aliases select * from ${main}.model_aliases on conflict do nothing`);
}

/** A row of one table as one of another whose columns may have come in another order. */
function as(table: string, row: string): string {
  return `(jsonb_populate_record(null::${table}, to_jsonb(${row}))).*`;
}

/** Tables that say more of a relation, and how each names it. */
const NAMED = [
  ['iceberg_tables', 'table_namespace', 'table_name'],
  ['intervals', 'layer', 'name'],
] as const;

/** Relation `r` was made by a run of the environment. */
function writtenIn(main: string, name: string): string {
  return `exists (select 1 from ${main}.runs made where made.id = r.run_id and made.environment = '${name}')`;
}

/** The environment's own meaning of these names ends: they mean what production has. */
export async function forgetWritten(tx: Queryable, name: string, tables: readonly string[]): Promise<void> {
  const list = tables.map((table) => `'${table.replaceAll("'", "''")}'`).join(', ');
  if (list !== '') await forget(tx, schemaOf(spaceOf(name)), `r.layer || '.' || r.name in (${list})`);
}

async function forget(tx: Queryable, space: string, which: string): Promise<void> {
  for (const [table, layer, of] of NAMED)
    await tx.query(`delete from ${space}.${table} t using ${space}.relations r
      where r.layer = t.${layer} and r.name = t.${of} and ${which}`);
  await tx.query(`delete from ${space}.relations r where ${which}`);
}

/** Takes all its names away and asks its runs to end; files go with the next clean-up. */
export async function dropEnvironment(db: Database, name: string): Promise<void> {
  await db.transaction(async (tx) => {
    await refuseUnknown(tx, name);
    await tx.query(
      `update runs set cancel_requested_at = coalesce(cancel_requested_at, now())
        where environment = $1 and state in ('queued', 'running')`,
      [name],
    );
    await tx.query('delete from environments where name = $1', [name]);
    await dropBranchTables(tx, spaceOf(name));
  });
}

export async function isEnvironment(db: Queryable, name: string): Promise<boolean> {
  return (await db.query('select 1 from environments where name = $1', [name])).rows.length === 1;
}

export async function refuseUnknown(db: Queryable, name: string): Promise<void> {
  if (await isEnvironment(db, name)) return;
  throw new Fault('not-found', say('there is no environment {name}; a run in it makes it', { name }));
}

export async function listEnvironments(db: Database): Promise<EnvironmentSummary[]> {
  const { rows } = await db.query<{ name: string; by: string | null; created_at: Date; last: Date | null }>(
    `select e.name, u.name as by, e.created_at, (select max(created_at) from runs where environment = e.name) as last
       from environments e left join users u on u.id = e.created_by order by e.name`,
  );
  return Promise.all(
    rows.map(async ({ name, by, created_at, last }) => ({
      name,
      by,
      createdAt: created_at.toISOString(),
      tables: (await environmentTables(db, name)).length,
      lastRunAt: last?.toISOString() ?? null,
    })),
  );
}

interface Written extends EnvironmentTable {
  readonly ownerKey: string;
}

/** What was written in an environment, beside what production has under those names. */
export async function environmentTables(db: Database, name: string): Promise<Written[]> {
  return db.transaction(async (tx) => {
    await refuseUnknown(tx, name);
    const [space, main] = [schemaOf(spaceOf(name)), await mainSchema(tx)];
    const { rows } = await tx.query<Record<string, string | null> & { at: Date; same: boolean }>(
      `select r.layer || '.' || r.name as name, r.cell, r.notebook_id, r.owner_title, r.owner_key, r.row_count, r.run_id,
              r.published_at as at, m.row_count as production, coalesce(m.fingerprint = r.fingerprint, false) as same
         from ${space}.relations r left join ${main}.relations m on m.layer = r.layer and m.name = r.name
        where ${writtenIn(main, name)} order by 1`,
    );
    return rows.map((row) => ({
      name: row['name'] ?? '',
      cell: row['cell'] ?? '',
      notebookId: row['notebook_id'] ?? null,
      notebookTitle: row['owner_title'] ?? '',
      ownerKey: row['owner_key'] ?? '',
      rows: Number(row['row_count']),
      productionRows: row['production'] === null ? null : Number(row['production']),
      isSame: row.same,
      runId: row['run_id'] ?? null,
      writtenAt: row.at.toISOString(),
    }));
  });
}
