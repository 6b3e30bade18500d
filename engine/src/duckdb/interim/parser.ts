import { isFault } from '@datacraft/shared';
import type { DuckSession, SessionOptions, SqlTree } from '../session.ts';
import type { FullSession } from './open-session.ts';

/** Longer texts are refused: DuckDB's parser needs memory and stack in proportion to the nesting. */
const MAX_CHARS = 1_000_000;
const CACHED = 500;

/** Parses in a child of its own, so that a text which breaks the parser breaks nothing else. */
export function createParser(open: (options: SessionOptions) => Promise<DuckSession>): {
  parse(sql: string): Promise<SqlTree>;
  stop(): Promise<void>;
} {
  const cache = new Map<string, SqlTree>();
  let session: Promise<FullSession> | null = null;
  let queue: Promise<unknown> = Promise.resolve();
  const current = () => (session ??= open({ memoryLimitMb: 512, threads: 1 }) as Promise<FullSession>);
  const drop = async () => {
    const dropped = session;
    session = null;
    await (await dropped?.catch(() => null))?.close();
  };
  const parseNow = async (sql: string): Promise<SqlTree> => {
    try {
      return await (await current()).parse(sql);
    } catch (error) {
      await drop();
      if (isFault(error) && error.code !== 'cancelled')
        return { kind: 'error', message: 'the text is too deeply nested to be parsed', offset: null };
      throw error;
    }
  };
  return {
    parse: (sql) => {
      const known = cache.get(sql);
      if (known) return Promise.resolve(known);
      if (sql.length > MAX_CHARS)
        return Promise.resolve({
          kind: 'error',
          message: `the text is longer than ${MAX_CHARS} characters`,
          offset: null,
        });
      const answer = queue.then(() => parseNow(sql)).then((tree) => remember(cache, sql, tree));
      queue = answer.catch(() => undefined);
      return answer;
    },
    stop: drop,
  };
}

function remember(cache: Map<string, SqlTree>, sql: string, tree: SqlTree): SqlTree {
  cache.set(sql, tree);
  const [oldest] = cache.keys();
  if (cache.size > CACHED && oldest !== undefined) cache.delete(oldest);
  return tree;
}
