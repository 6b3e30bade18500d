import type { SqlTree } from './session.ts';
import { treeOf } from './sql-tree.ts';
import type { Worker } from './worker.ts';

export interface SqlParser {
  parse(sql: string): Promise<SqlTree>;
}

// A person's statement parses in a millisecond; what takes longer is made to take long. The start of a child, which a
// busy machine can hold up for seconds, is not counted.
const PARSE_TIMEOUT_MS = 3000;
const START_TIMEOUT_MS = 60_000;
/** The first time the machine or another text may be at fault. */
const TRIES = 2;
const MAX_SQL_LENGTH = 1_000_000;
const CACHE_SIZE = 500;
const CACHED_SQL_LENGTH = 50_000;

/** Parses in a child of its own, one text at a time, so that no long query holds it up. */
export function createSqlParser(start: () => Worker): SqlParser {
  const cache = new Map<string, SqlTree>();
  let worker: Worker | null = null;
  let queue: Promise<unknown> = Promise.resolve();

  async function parseInChild(sql: string): Promise<SqlTree> {
    let slow = false;
    for (let attempt = 0; attempt < TRIES; attempt += 1) {
      const current = await startedChild();
      current.setIdle(false);
      slow = false;
      try {
        const answer = current.call('parse', { sql });
        return treeOf(await within(PARSE_TIMEOUT_MS, current, answer, () => (slow = true)), sql);
      } catch {
        // Whatever the text did to the child, the child is gone: once more in another, then the text is at fault.
        current.kill();
      } finally {
        current.setIdle(true);
      }
    }
    return problem(
      slow
        ? 'the statement takes too long to parse; make it simpler'
        : 'the statement cannot be parsed; make it simpler',
    );
  }

  /** A child that has answered once: the time of a text begins after that. */
  async function startedChild(): Promise<Worker> {
    if (worker?.isAlive) return worker;
    const fresh = start();
    worker = fresh;
    await within(START_TIMEOUT_MS, fresh, fresh.call('parse', { sql: 'select 1' }), () => {});
    return fresh;
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

/** Kills the child when the answer does not come in time, which ends the call. */
async function within<Answer>(ms: number, child: Worker, answer: Promise<Answer>, late: () => void): Promise<Answer> {
  const timer = setTimeout(() => {
    late();
    child.kill();
  }, ms);
  try {
    return await answer;
  } finally {
    clearTimeout(timer);
  }
}

function problem(message: string): SqlTree {
  return { kind: 'error', message, offset: null };
}
