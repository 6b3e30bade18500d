import { dirname, resolve } from 'node:path';
import { Fault, say } from '@datacraft/shared';
import type { DuckSession, SessionOptions, StatementOptions } from './session.ts';
import type { Operations, SessionSettings, Statement } from './wire.ts';
import type { CallHooks, Worker } from './worker.ts';

export interface SessionParts {
  readonly worker: Worker;
  readonly settings: SessionSettings;
  readonly signal: AbortSignal | undefined;
  /** Epoch of `performance.now`, null for none. */
  readonly deadlineMs: number | null;
  readonly timeoutMs: number | undefined;
  /** Called once, when the child no longer holds anything of this session. */
  readonly release: (rssBytes: number | null) => Promise<void>;
}

/** A session that can be ended from outside, with the fault its statements then fail with. */
export interface EndableSession extends DuckSession {
  /** Opens the locked database; nothing else may be called before. */
  start(): Promise<void>;
  end(fault: Fault): void;
}

// Interrupting takes up to 0.4 s where DuckDB looks at the flag at all; `repeat('x', 2e9)` does not.
const INTERRUPT_GRACE_MS = 1500;
const CLOSE_GRACE_MS = 2000;
const DEFAULT_MAX_BYTES = 256e6;
// What node and DuckDB need before the first row, and the slack of an allocator, above the memory limit.
const RSS_BASE_BYTES = 400e6;
const RSS_FACTOR = 2.5;

export function createSession(parts: SessionParts): EndableSession {
  const { worker, settings } = parts;
  let ended: Fault | null = null;
  let running = 0;
  let released: Promise<void> | null = null;
  let killing: NodeJS.Timeout | undefined;
  const rssLimit = RSS_BASE_BYTES + RSS_FACTOR * settings.memoryLimitMb * 1e6;

  const abort = (): void => end(cancelledFault(parts.signal));
  const deadline =
    parts.deadlineMs === null
      ? undefined
      : setTimeout(() => end(timedOutFault(parts.timeoutMs)), Math.max(0, parts.deadlineMs - performance.now()));
  parts.signal?.addEventListener('abort', abort, { once: true });

  function end(fault: Fault, kill = false): void {
    if (ended) return;
    ended = fault;
    if (kill) worker.kill();
    else if (running > 0) {
      worker.interrupt();
      killing = setTimeout(() => worker.kill(), INTERRUPT_GRACE_MS);
    } else void release();
  }

  function release(): Promise<void> {
    released ??= (async () => {
      clearTimeout(deadline);
      clearTimeout(killing);
      parts.signal?.removeEventListener('abort', abort);
      await parts.release(await closeChild(worker));
    })();
    return released;
  }

  async function call<Name extends keyof Operations>(
    name: Name,
    request: Operations[Name]['request'],
    hooks: CallHooks = {},
  ): Promise<Operations[Name]['answer']> {
    if (ended) throw ended;
    running += 1;
    try {
      return await worker.call(name, request, {
        ...hooks,
        onTick: (progress, rssBytes) => {
          if (rssBytes > rssLimit) end(memoryFault(settings), true);
          hooks.onTick?.(progress, rssBytes);
        },
      });
    } catch (error) {
      throw ended ?? error;
    } finally {
      running -= 1;
      if (running === 0 && (ended || !worker.isAlive)) {
        ended ??= new Fault('worker-died', 'this session has ended with its process; open a new one');
        await release();
      }
    }
  }

  return {
    end,
    start: async () => {
      try {
        await call('open', settings);
      } catch (error) {
        await release();
        throw error;
      }
    },
    run: async (sql, options) => void (await call('run', statement(sql, options), hooksOf(options))),
    rows: async (sql, options = {}) => {
      const rows: unknown[][] = [];
      const request = {
        ...statement(sql, options),
        limit: options.limit ?? null,
        countTotal: options.countTotal ?? false,
        maxBytes: options.maxBytes ?? DEFAULT_MAX_BYTES,
      };
      const answer = await call('rows', request, {
        ...hooksOf(options),
        onRows: (more) => {
          for (const row of more) rows.push(row);
        },
      });
      return { ...answer, rows };
    },
    arrow: async (sql, options) => {
      refuseOutside(options.file, settings.writableDir);
      return call(
        'arrow',
        { ...statement(sql, options), limit: options.limit ?? null, file: options.file },
        hooksOf(options),
      );
    },
    describe: (sql, options) => call('describe', statement(sql, options), hooksOf(options)),
    setVariable: async (name, value, type) => void (await call('setVariable', { name, value, type: type ?? null })),
    close: async () => {
      ended ??= new Fault('cancelled', 'this session is closed; open a new one');
      if (running > 0) {
        worker.interrupt();
        killing ??= setTimeout(() => worker.kill(), INTERRUPT_GRACE_MS);
      }
      await release();
    },
  };
}

function statement(sql: string, options: StatementOptions = {}): Statement {
  return { sql, params: options.params ?? {} };
}

function hooksOf({ onProgress }: StatementOptions = {}): CallHooks {
  return onProgress ? { onTick: (progress) => onProgress(progress) } : {};
}

/** The file is written by our code, which no lock of DuckDB holds. */
function refuseOutside(file: string, dir: string | null): void {
  if (dir !== null && dirname(resolve(file)) === resolve(dir)) return;
  throw new Fault('query-refused', 'a result is written only into the private directory of its session');
}

/** The memory the child still holds, or null when it had to be killed. */
async function closeChild(worker: Worker): Promise<number | null> {
  if (!worker.isAlive) return null;
  const killing = setTimeout(() => worker.kill(), CLOSE_GRACE_MS);
  try {
    return (await worker.call('close', null)).rssBytes;
  } catch {
    return null; // It did not answer in time or had died: the pool replaces it.
  } finally {
    clearTimeout(killing);
  }
}

export function cancelledFault(signal: AbortSignal | undefined): Fault {
  return new Fault('cancelled', 'cancelled', {}, { cause: signal?.reason });
}

export function timedOutFault(timeoutMs: SessionOptions['timeoutMs']): Fault {
  const seconds = Math.round((timeoutMs ?? 0) / 100) / 10;
  return new Fault(
    'timed-out',
    say('stopped after {seconds} s, the time limit; read less or raise the limit', { seconds }),
  );
}

function memoryFault({ memoryLimitMb }: SessionSettings): Fault {
  return new Fault(
    'out-of-memory',
    say(
      'out of memory: the statement outgrew its process, whose limit is {memoryLimitMb} MB; make its values smaller or raise the memory limit',
      { memoryLimitMb },
    ),
  );
}
