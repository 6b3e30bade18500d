import type { Column, ParamValue, ResultPage } from '@datacraft/shared';
import { Fault, isFault } from '@datacraft/shared';
import type { Child } from './child-process.ts';
import type { Answer, ArrowAnswer, Request } from './protocol.ts';
import type { DuckSession, Progress, SessionOptions, SqlTree } from '../session.ts';

/** A session that also parses: what the pool keeps for itself. */
export interface FullSession extends DuckSession {
  parse(sql: string): Promise<SqlTree>;
}

/** An interrupted statement has so long to come back before its process is ended. */
const GRACE_MS = 1_500;
/** Measured: a process takes up to about twice DuckDB's own limit, beside some 250 MB of its own. */
const rssLimitBytes = (memoryLimitMb: number) => (memoryLimitMb * 2.5 + 400) * 2 ** 20;

type Wanted = SessionOptions & { readonly memoryLimitMb: number; readonly threads: number };

export async function openSession(child: Child, wanted: Wanted, onClose: () => void): Promise<FullSession> {
  child.rssLimitBytes = rssLimitBytes(wanted.memoryLimitMb);
  const guard = guardOf(child, wanted);
  const ask = async (request: Request, onProgress?: (progress: Progress) => void): Promise<Answer> => {
    guard.check();
    try {
      return await child.request(request, onProgress);
    } catch (error) {
      throw guard.explain(error);
    }
  };
  try {
    await ask({
      op: 'open',
      readable: wanted.readable ?? [],
      writableDir: wanted.writableDir ?? null,
      memoryLimitMb: wanted.memoryLimitMb,
      threads: wanted.threads,
    });
  } catch (error) {
    guard.release();
    throw error;
  }
  let closed = false;
  return {
    run: async (sql, options = {}) => {
      await ask({ op: 'run', sql, params: options.params ?? {} }, options.onProgress);
    },
    rows: async (sql, options = {}) =>
      (await ask(
        {
          op: 'rows',
          sql,
          params: options.params ?? {},
          limit: options.limit ?? null,
          countTotal: options.countTotal ?? false,
        },
        options.onProgress,
      )) as ResultPage,
    arrow: async (sql, options) =>
      (await ask(
        { op: 'arrow', sql, params: options.params ?? {}, limit: options.limit ?? null, file: options.file },
        options.onProgress,
      )) as ArrowAnswer,
    describe: async (sql, options = {}) =>
      (await ask({ op: 'describe', sql, params: options.params ?? {} })) as readonly Column[],
    setVariable: async (name: string, value: ParamValue, type?: string) => {
      await ask({ op: 'set-variable', name, value, type: type ?? null });
    },
    parse: async (sql) => (await ask({ op: 'parse', sql })) as SqlTree,
    close: async () => {
      if (closed) return;
      closed = true;
      guard.release();
      await child.request({ op: 'close' }).catch(() => undefined); // a dead child holds nothing
      onClose();
    },
  };
}

interface Guard {
  check(): void;
  /** The error as its cause: a statement that was stopped failed because of the stop, whatever it says itself. */
  explain(error: unknown): unknown;
  release(): void;
}

function guardOf(child: Child, wanted: Wanted): Guard {
  let stoppedBy: Fault | null = null;
  let killing: NodeJS.Timeout | undefined;
  const stop = (fault: Fault) => {
    if (stoppedBy) return;
    stoppedBy = fault;
    child.interrupt();
    killing = setTimeout(
      () => child.kill(isFault(fault, 'timed-out') ? 'timed-out' : 'cancelled', fault.message),
      GRACE_MS,
    );
  };
  const onAbort = () => stop(new Fault('cancelled', 'cancelled'));
  const { timeoutMs, signal } = wanted;
  const timer =
    timeoutMs === undefined
      ? undefined
      : setTimeout(
          () =>
            stop(
              new Fault(
                'timed-out',
                `stopped after ${Math.round(timeoutMs / 100) / 10} s, its time limit; filter or aggregate earlier`,
              ),
            ),
          timeoutMs,
        );
  signal?.addEventListener('abort', onAbort, { once: true });
  return {
    check: () => {
      if (signal?.aborted) onAbort();
      if (stoppedBy) throw stoppedBy;
    },
    explain: (error) => stoppedBy ?? error,
    release: () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
      // An interrupted child that answered is well; one that still runs is ended, so that nobody gets it busy.
      if (killing !== undefined) {
        clearTimeout(killing);
        child.kill('cancelled', 'cancelled');
      }
    },
  };
}
