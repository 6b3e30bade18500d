import type { RelationRef } from '@datacraft/shared';
import { Fault, quoteIdentifier, relationName, say } from '@datacraft/shared';
import type { SqlCell } from '../compile/graph.ts';
import type { DuckSession } from '../duckdb/session.ts';

interface Merging {
  readonly cell: SqlCell;
  readonly relation: RelationRef;
  readonly session: DuckSession;
}

const NAMED = 5;
const LONGEST_VALUE = 60;

/**
 * Throws `merge-cardinality` when `__incoming` has different rows of one key and nothing says which of them is the
 * newest. Rows that are the same in all their values are one row.
 */
export async function refuseAmbiguous({ cell, relation, session }: Merging): Promise<void> {
  const keys = [cell.spec.unique_key ?? []].flat();
  if (cell.spec.sequence_by !== undefined || keys.length === 0 || !(await hasDoubles(session, keys))) return;
  const names = keys.map(quoteIdentifier);
  const { rows } = await session.rows(
    `select count(*) over ()::varchar, ${names.map((name) => `${name}::varchar`).join(', ')} from (
       select ${names.join(', ')}, count(distinct hash("each")) as "__rows" from "__incoming" as "each"
        where ${keyed(names)} group by ${names.join(', ')})
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
    `select 1 from "__incoming" where ${keyed(names)} group by ${names.join(', ')} having count(*) > 1 limit 1`,
  );
  return rows.length > 0;
}

function keyed(names: readonly string[]): string {
  return names.map((name) => `${name} is not null`).join(' and ');
}

function shortened(text: string): string {
  return text.length > LONGEST_VALUE ? `${text.slice(0, LONGEST_VALUE)}…` : text;
}
