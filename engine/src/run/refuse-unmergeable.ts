import type { RelationRef } from '@datacraft/shared';
import { Fault, quoteIdentifier, relationName, say, columnList } from '@datacraft/shared';
import type { SqlCell } from '../compile/graph.ts';
import type { DuckSession } from '../duckdb/session.ts';
import type { Survey } from './survey.ts';

interface Merging {
  readonly cell: SqlCell;
  readonly relation: RelationRef;
  readonly session: DuckSession;
}

const NAMED = 5;
const SHOWN_COLUMNS = 6;
const LONGEST_VALUE = 60;

/** Throws what keeps the rows of `__incoming` from being merged. */
export async function refuseUnmergeable(merging: Merging, { nulls, isUnique }: Survey): Promise<void> {
  const keys = columnList(merging.cell.spec.unique_key);
  if (nulls.rows > 0) await refuseNullKeys(merging, keys, nulls);
  if (merging.cell.spec.sequence_by === undefined && isUnique !== true) await refuseAmbiguous(merging, keys);
}

/** Throws `merge-key-null`: no merge finds a row with a NULL in its key again. */
async function refuseNullKeys(
  { cell, relation, session }: Merging,
  keys: readonly string[],
  { rows: count, byColumn }: Survey['nulls'],
): Promise<never> {
  const isNull = keys.map((key) => `${quoteIdentifier(key)} is null`);
  const columns = keys.filter((_, at) => (byColumn[at] ?? 0) > 0).join(', ');
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

function shortened(text: string): string {
  return text.length > LONGEST_VALUE ? `${text.slice(0, LONGEST_VALUE)}…` : text;
}
