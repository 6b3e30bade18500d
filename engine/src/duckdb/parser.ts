import type { SqlTree } from './session.ts';
import { treeOf } from './sql-tree.ts';
import type { Worker } from './worker.ts';

export interface SqlParser {
  parse(sql: string): Promise<SqlTree>;
}

// A person's statement parses in a millisecond; what takes longer is made to take long.
const PARSE_TIMEOUT_MS = 3000;
const MAX_SQL_LENGTH = 1_000_000;
const CACHE_SIZE = 500;
const CACHED_SQL_LENGTH = 50_000;

/** Parses in a child of its own, one text at a time, so that no long query holds it up. */
export function createSqlParser(start: () => Worker): SqlParser {
  const cache = new Map<string, SqlTree>();
  let worker: Worker | null = null;
  let queue: Promise<unknown> = Promise.resolve();

  async function parseInChild(sql: string): Promise<SqlTree> {
    if (!worker?.isAlive) worker = start();
    const current = worker;
    current.setIdle(false);
    let slow = false;
    const timer = setTimeout(() => {
      slow = true;
      current.kill();
    }, PARSE_TIMEOUT_MS);
    try {
      return treeOf(await current.call('parse', { sql }), sql);
    } catch {
      // Whatever the text did to the child, the child is gone and the text is at fault.
      return problem(
        slow
          ? 'the statement takes too long to parse; make it simpler'
          : 'the statement cannot be parsed; make it simpler',
      );
    } finally {
      clearTimeout(timer);
      current.setIdle(true);
    }
  }

  function remember(sql: string, tree: SqlTree): void {
    if (sql.length > CACHED_SQL_LENGTH) return;
    cache.delete(sql);
    cache.set(sql, tree);
    const [oldest] = cache.keys();
    if (cache.size > CACHE_SIZE && oldest !== undefined) cache.delete(oldest);
  }

  async function parse(sql: string): Promise<SqlTree> {
    const known = cache.get(sql);
    const tree = known ?? (await parseInChild(sql));
    remember(sql, tree);
    return tree;
  }

  return {
    parse: (sql) => {
      if (sql.length > MAX_SQL_LENGTH) {
        return Promise.resolve(
          problem(`the statement has ${sql.length} characters; at most ${MAX_SQL_LENGTH} are parsed`),
        );
      }
      const parsed = queue.then(() => parse(sql));
      queue = parsed.catch(() => undefined);
      return parsed;
    },
  };
}

function problem(message: string): SqlTree {
  return { kind: 'error', message, offset: null };
}
