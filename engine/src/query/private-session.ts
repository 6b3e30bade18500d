import type { DuckSession, SessionModel } from '../duckdb/session.ts';
import { withPrivateDir } from '../run/private-dir.ts';
import { sessionModels } from '../run/session-models.ts';
import { loadPinnedModels } from '../store/pinned-models.ts';
import type { QueryDeps } from './query.ts';

export interface PrivateSessionOptions {
  /** Absolute paths that SQL of the session may read. */
  readonly readable: readonly string[];
  /** Models that its SQL asks, by name: the champions. */
  readonly models?: readonly string[];
  readonly timeoutMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Lends a locked session with a private directory of its own; both are gone when `use` ends, however it ends. */
export function withPrivateSession<Result>(
  options: PrivateSessionOptions,
  deps: Pick<QueryDeps, 'duck' | 'tempDir' | 'limits'> & Partial<Pick<QueryDeps, 'db' | 'mayRead'>>,
  use: (session: DuckSession, dir: string) => Promise<Result>,
): Promise<Result> {
  return withPrivateDir(deps.tempDir, async (dir) => {
    const session = await deps.duck.open({
      readable: options.readable,
      writableDir: dir,
      models: await championsIn(dir, options.models ?? [], deps),
      memoryLimitMb: deps.limits.memoryLimitMb,
      threads: deps.limits.threads,
      timeoutMs: options.timeoutMs ?? deps.limits.taskTimeoutMs,
      ...(options.signal ? { signal: options.signal } : {}),
    });
    try {
      return await use(session, dir);
    } finally {
      await session.close();
    }
  });
}

async function championsIn(
  dir: string,
  names: readonly string[],
  { db, mayRead }: Partial<Pick<QueryDeps, 'db' | 'mayRead'>>,
): Promise<SessionModel[]> {
  if (names.length === 0 || db === undefined || mayRead === undefined) return [];
  return sessionModels(names, { db, pinned: await loadPinnedModels(db, names, mayRead) }, dir);
}
