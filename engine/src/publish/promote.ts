/**
 * Tables of a branch or an environment that main would make again just so: main's names come to mean them, and nothing is computed.
 *
 * M1  A table is taken only under the very fingerprint that main's cell has now: the same meaning over the same inputs
 *     gives the same rows (I4), and they were checked when the branch published them.
 * M2  All is the caller's one transaction, with the edit that asks for it, under the locks that a publish takes: a name
 *     means the branch's whole result, with its rejects, intervals, checks and lineage, or what it meant before (I1, I3).
 * M3  What is taken over has main's state as an ancestor. What main published, tagged or took back since the fork is
 *     never lost: such a table is left to a run.
 * M4  A cell is taken with all that it reads or not at all.
 */
import type { Promoted, RelationRef } from '@datacraft/shared';
import { Fault, isBranchId, relationName } from '@datacraft/shared';
import { CATALOG_NAME } from '../iceberg/catalog.ts';
import { readMetadata } from '../iceberg/file-cache.ts';
import { lockTables } from '../iceberg/lock.ts';
import type { Lake } from '../lake/lake.ts';
import { mainSchema, schemaOf } from '../store/branch-database.ts';
import type { Queryable } from '../store/database.ts';
import type { Definition, Owner } from '../store/relations.ts';
import { isOwner } from '../store/relations.ts';

/** A cell of main as its text is now. */
export interface Promotable {
  readonly cell: string;
  readonly ref: RelationRef;
  /** Null: it is not known what it would be made of. */
  readonly fingerprint: string | null;
  /** Cells with tables that it reads, however far above. */
  readonly reads: readonly string[];
  /** Says that something else follows from its publishing, which only a run does. */
  readonly needsRun: boolean;
}

interface Promotion {
  /** The branch or the environment, and who owns the tables there. */
  readonly space: string;
  readonly madeBy: Owner;
  /** Of main. */
  readonly owner: Owner;
  /** In an order in which each comes after what it reads. */
  readonly cells: readonly Promotable[];
}

interface Row {
  readonly layer: RelationRef['layer'];
  readonly name: string;
  readonly cell: string;
  readonly kind: 'table' | 'view';
  readonly fingerprint: string;
  readonly owner_key: string;
  readonly owner_title: string;
  readonly definition: Definition | null;
  readonly location: string | null;
}

/**
 * Answers the names of what was taken over, `layer.name`, which mean it when the caller's transaction is committed, and
 * the cells that are left to a run.
 */
export async function promote(
  { space, madeBy, owner, cells }: Promotion,
  { tx, lake }: { readonly tx: Queryable; readonly lake: Lake },
): Promise<Promoted> {
  if (isBranchId(owner.notebookId)) throw new Fault('internal', 'tables of a branch are taken over by main alone');
  const schemas = { main: await mainSchema(tx), branch: schemaOf(space) };
  const names = cells.map((each) => each.cell);
  await lockTables(tx, refsOf(await rowsOf(tx, schemas.branch, names)));
  const own = (await rowsOf(tx, schemas.branch, names)).filter((row) =>
    isOwner(madeBy, { ownerKey: row.owner_key, ownerTitle: row.owner_title }),
  );
  const offered = Map.groupBy(own, (row) => row.cell);
  const all = [...offered.values()].flat();
  const held = new Map((await rowsNamed(tx, schemas.main, refsOf(all))).map((row) => [nameOf(row), row]));
  const settled = new Set<string>();
  const moved: Row[] = [];
  for (const each of cells) {
    const there = held.get(relationName(each.ref));
    const isFresh = there?.owner_key === owner.key && there.fingerprint === each.fingerprint;
    const rows = offered.get(each.cell) ?? [];
    const isReady = each.reads.every((name) => settled.has(name));
    if (isFresh) settled.add(each.cell);
    else if (isReady && (await mayMove(each, rows, { owner, held, lake }))) {
      settled.add(each.cell);
      moved.push(...rows);
    }
  }
  await moveAll(tx, moved, owner, schemas);
  const left = cells.map(({ cell }) => cell).filter((cell) => offered.has(cell) && !settled.has(cell));
  return { promoted: moved.map(nameOf), left };
}

async function mayMove(
  cell: Promotable,
  rows: readonly Row[],
  main: { readonly owner: Owner; readonly held: ReadonlyMap<string, Row>; readonly lake: Lake },
): Promise<boolean> {
  const own = rows.find((row) => nameOf(row) === relationName(cell.ref));
  if (cell.needsRun || own === undefined || own.fingerprint !== cell.fingerprint) return false;
  // How far a source was read, and features kept for models, are told by more than these tables.
  if (own.definition?.source?.state || own.definition?.feature) return false;
  for (const row of rows) {
    const before = main.held.get(nameOf(row));
    if (before !== undefined && before.owner_key !== main.owner.key) return false;
    if (!(await descends(row.location, before?.location ?? null, main.lake))) return false;
  }
  return true;
}

/** M3: the branch's state was made of main's, by commits alone. */
async function descends(location: string | null, before: string | null, lake: Lake): Promise<boolean> {
  if (before === null || before === location) return true;
  if (location === null) return false;
  const metadata = await readMetadata(lake, location);
  return metadata['metadata-log'].some((entry) => entry['metadata-file'] === before);
}

/** So many statements however many tables: whoever saves in the notebook waits for them. */
async function moveAll(
  tx: Queryable,
  rows: readonly Row[],
  owner: Owner,
  { main, branch }: { readonly main: string; readonly branch: string },
): Promise<void> {
  if (rows.length === 0) return;
  const of = [rows.map(({ layer }) => layer), rows.map(({ name }) => name)];
  const named = '(layer, name) in (select * from unnest($1::text[], $2::text[]))';
  const cells = [...new Set(rows.map(({ cell }) => cell))];
  const owned = { owner_key: owner.key, owner_title: owner.title, notebook_id: owner.notebookId };
  await tx.query(`delete from ${main}.relations where ${named}`, of);
  await tx.query(
    `insert into ${main}.relations
     select (jsonb_populate_record(r, $3::jsonb || jsonb_build_object('published_at', now(), 'retired_at', null))).*
       from ${branch}.relations r where ${named}`,
    [...of, JSON.stringify(owned)],
  );
  const table = `catalog_name = '${CATALOG_NAME}' and (table_namespace, table_name) in (select * from unnest($1::text[], $2::text[]))`;
  await tx.query(`delete from ${main}.iceberg_tables where ${table}`, of);
  await tx.query(`insert into ${main}.iceberg_tables select * from ${branch}.iceberg_tables where ${table}`, of);
  await tx.query(`delete from ${main}.intervals where ${named}`, of);
  await tx.query(`insert into ${main}.intervals select * from ${branch}.intervals where ${named}`, of);
  await tx.query(
    `insert into ${main}.checks (run_id, layer, name, rule, status, violations, value, total, at)
     select c.run_id, c.layer, c.name, c.rule, c.status, c.violations, c.value, c.total, c.at from ${branch}.checks c
       join ${branch}.relations r on r.layer = c.layer and r.name = c.name and r.run_id = c.run_id
      where (c.layer, c.name) in (select * from unnest($1::text[], $2::text[])) and not exists (
        select 1 from ${main}.checks m
         where m.run_id = c.run_id and m.layer = c.layer and m.name = c.name and m.rule = c.rule)`,
    of,
  );
  await tx.query(`delete from ${main}.lineage where owner_key = $1 and cell = any($2)`, [owner.key, cells]);
  await tx.query(
    `insert into ${main}.lineage select (jsonb_populate_record(l, $2)).* from ${branch}.lineage l where cell = any($1)`,
    [cells, JSON.stringify(owned)],
  );
}

const SELECT = (
  schema: string,
) => `select r.layer, r.name, r.cell, r.kind, r.fingerprint, r.owner_key, r.owner_title, r.definition,
    t.metadata_location as location from ${schema}.relations r left join ${schema}.iceberg_tables t
      on t.catalog_name = '${CATALOG_NAME}' and t.table_namespace = r.layer and t.table_name = r.name`;

async function rowsOf(tx: Queryable, schema: string, cells: readonly string[]): Promise<Row[]> {
  return (await tx.query<Row>(`${SELECT(schema)} where r.cell = any($1) order by r.layer, r.name`, [cells])).rows;
}

async function rowsNamed(tx: Queryable, schema: string, refs: readonly RelationRef[]): Promise<Row[]> {
  const names = refs.map(relationName);
  return (await tx.query<Row>(`${SELECT(schema)} where r.layer || '.' || r.name = any($1)`, [names])).rows;
}

function refsOf(rows: readonly Row[]): RelationRef[] {
  return rows.map(({ layer, name }) => ({ layer, name }));
}

function nameOf(row: Row): string {
  return relationName(row);
}
