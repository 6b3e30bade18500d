import type { DuckSession } from '../duckdb/session.ts';
import { withPrivateDir } from '../run/private-dir.ts';
import type { QueryDeps } from './query.ts';

export interface PrivateSessionOptions {
  /** Absolute paths that SQL of the session may read. */
  readonly readable: readonly string[];
  readonly timeoutMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Lends a locked session with a private directory of its own; both are gone when `use` ends, however it ends. */
export function withPrivateSession<Result>(
  options: PrivateSessionOptions,
  deps: Pick<QueryDeps, 'duck' | 'tempDir' | 'limits'>,
  use: (session: DuckSession, dir: string) => Promise<Result>,
): Promise<Result> {
  return withPrivateDir(deps.tempDir, async (dir) => {
    const session = await deps.duck.open({
      readable: options.readable,
      writableDir: dir,
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
