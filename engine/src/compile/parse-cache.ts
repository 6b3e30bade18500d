import type { SqlTree } from '../duckdb/session.ts';

/**
 * Remembers the trees of the last `limit` texts, so that compiling a live notebook parses only the cell that changed.
 * A failed parse is not remembered.
 */
export function cachedParse(parse: (sql: string) => Promise<SqlTree>, limit = 1000): (sql: string) => Promise<SqlTree> {
  const known = new Map<string, Promise<SqlTree>>();
  return (sql) => {
    const found = known.get(sql) ?? parse(sql);
    known.delete(sql);
    known.set(sql, found);
    found.catch(() => known.delete(sql));
    if (known.size > limit) known.delete(known.keys().next().value ?? sql);
    return found;
  };
}
