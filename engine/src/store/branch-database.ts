/**
 * The names of tables in a branch, and in a named environment: in a space.
 *
 * A space has a schema of its own, called like its id, with its own copy of every table that says what a relation is.
 *
 * B1  What a branch writes is in its schema: main's readers, its catalog for other engines and its publish never see it.
 * B2  A name means the branch's own relation, else that of another notebook on main. What the notebook it was forked
 *     from publishes later is not seen: the branch keeps what it was forked with.
 *     In an environment it is what ran there has made of it, else what it is on main.
 * B3  A fork copies pointers and no rows. Clean-up counts them (`branchSchemas`), so no file that a branch names goes.
 * B4  A transaction in a space says so (`datacraft.space`), and main's own tables refuse whatever it writes to them: also
 *     when its schema is gone and the same names find main's.
 */
import { Fault, isSpace, quoteIdentifier } from '@datacraft/shared';
import type { Database, Queryable } from './database.ts';

/** The same database as a branch or an environment sees it, before all that main sees. Pools are shared: each statement names its schema for its transaction alone. */
export function inSpace(db: Database, space: string): Database {
  const schema = schemaOf(space);
  const path = (tx: Queryable) =>
    tx.query(
      `select set_config('search_path', $1 || ', ' || current_setting('search_path'), true), set_config('datacraft.space', $2, true)`,
      [schema, space],
    );
  const transaction: Database['transaction'] = (work) =>
    db.transaction(async (tx) => {
      await path(tx);
      return work(tx);
    });
  return { transaction, query: (text, values) => transaction((tx) => tx.query(text, values)) };
}

/** Schemas of all branches and environments, quoted. */
export async function branchSchemas(db: {
  query(text: string): Promise<{ readonly rows: readonly Record<string, unknown>[] }>;
}): Promise<string[]> {
  const { rows } = await db.query(`select nspname as name from pg_namespace where nspname ~ '^(brn|env)_' order by 1`);
  return rows.flatMap(({ name }) => (typeof name === 'string' && isSpace(name) ? [quoteIdentifier(name)] : []));
}

/** Where main's tables are: what the connection's own search path finds first. Not to be asked inside of a space. */
export async function mainSchema(tx: Queryable): Promise<string> {
  const { rows } = await tx.query<{ name: string | null }>(
    `select n.nspname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.oid = to_regclass('relations')`,
  );
  const name = rows[0]?.name;
  if (name === null || name === undefined || isSpace(name))
    throw new Fault('internal', `the search path of the database's connection finds no table called relations on main`);
  return quoteIdentifier(name);
}

export function schemaOf(space: string): string {
  if (isSpace(space)) return quoteIdentifier(space);
  throw new Fault('internal', `${space} is no id of a branch or of an environment`);
}
