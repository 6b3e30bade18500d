import type { RelationRef } from '@datacraft/shared';
import { Fault, quoteIdentifier, relationName, say, columnList } from '@datacraft/shared';
import type { SqlCell } from '../compile/graph.ts';
import type { DuckSession } from '../duckdb/session.ts';

interface Merging {
  readonly cell: SqlCell;
  readonly relation: RelationRef;
  readonly session: DuckSession;
}

const NAMED = 5;
const SHOWN_COLUMNS = 6;
const LONGEST_VALUE = 60;

/** Throws what keeps the rows of `__incoming` from being merged. */
export async function refuseUnmergeable(merging: Merging): Promise<void> {
  const keys = columnList(merging.cell.spec.unique_key);
  if (keys.length === 0) return;
  await refuseNullKeys(merging, keys);
  if (merging.cell.spec.sequence_by === undefined) await refuseAmbiguous(merging, keys);
}

/** Throws `merge-key-null` when rows have a NULL in their key: no merge finds such a row again. */
async function refuseNullKeys({ cell, relation, session }: Merging, keys: readonly string[]): Promise<void> {
  const isNull = keys.map((key) => `${quoteIdentifier(key)} is null`);
  const counted = await session.rows(
    `select count_if(${isNull.join(' or ')}), ${isNull.map((test) => `count_if(${test})`).join(', ')} from "__incoming"`,
  );
  const [count, ...each] = (counted.rows[0] ?? []).map(Number);
  if (count === undefined || count === 0) return;
  const columns = keys.filter((_, at) => (each[at] ?? 0) > 0).join(', ');
  const examples = await examplesOf(session, `select * from "__incoming" where ${isNull.join(' or ')} limit ${NAMED}`);
  throw new Fault(
    'merge-key-null',
    say(
      '{table}: rows to merge have no value in their key (NULL in {columns}; rows: {count}, such as {examples}), so no merge would find them again and each replay would add them once more; fill the key in the SELECT, leave such rows out with WHERE, or set them aside with expect: not_null, on_violation: quarantine. Nothing of it was published',
      { table: relationName(relation), columns, count, examples: `${examples}${count > NAMED ? '; …' : ''}` },
    ),
    { cell: cell.name, columns, rows: count },
  );
}

async function examplesOf(session: DuckSession, select: string): Promise<string> {
  const columns = await session.describe(select);
  const shown = columns.slice(0, SHOWN_COLUMNS).map(({ name }) => name);
  const { rows } = await session.rows(
    `select ${shown.map((name) => `${quoteIdentifier(name)}::varchar`).join(', ')} from (${select})`,
  );
  const more = columns.length > shown.length ? ', …' : '';
  return rows
    .map((row) => `${shown.map((name, at) => `${name} ${shortened(String(row[at] ?? 'NULL'))}`).join(', ')}${more}`)
    .join('; ');
}

/**
 * Throws `merge-cardinality` when there are different rows of one key, since nothing says which of them is the newest.
 * Rows that are the same in all their values are one row.
 */
async function refuseAmbiguous({ cell, relation, session }: Merging, keys: readonly string[]): Promise<void> {
  if (!(await hasDoubles(session, keys))) return;
  const names = keys.map(quoteIdentifier);
  const { rows } = await session.rows(
    `select count(*) over ()::varchar, ${names.map((name) => `${name}::varchar`).join(', ')} from (
       select ${names.join(', ')}, count(distinct hash("each")) as "__rows" from "__incoming" as "each" group by ${names.join(', ')})
      where "__rows" > 1 order by ${names.join(', ')} limit ${NAMED}`,
  );
  const [first] = rows;
  if (first === undefined) return;
  const count = Number(first[0]);
  const named = rows.map(([, ...values]) =>
    keys.map((key, at) => `${key} ${shortened(String(values[at]))}`).join(', '),
  );
  const examples = `${named.join('; ')}${count > named.length ? '; …' : ''}`;
  throw new Fault(
    'merge-cardinality',
    say(
      '{table}: different rows to merge have the same key (keys: {count}, such as {examples}), and nothing says which one is to stay; add sequence_by, or let the SELECT give one row for each key. Nothing of it was published',
      { table: relationName(relation), count, examples },
    ),
    { cell: cell.name, keys: count },
  );
}

async function hasDoubles(session: DuckSession, keys: readonly string[]): Promise<boolean> {
  const names = keys.map(quoteIdentifier);
  const { rows } = await session.rows(
    `select 1 from "__incoming" group by ${names.join(', ')} having count(*) > 1 limit 1`,
  );
  return rows.length > 0;
}

function shortened(text: string): string {
  return text.length > LONGEST_VALUE ? `${text.slice(0, LONGEST_VALUE)}…` : text;
}
