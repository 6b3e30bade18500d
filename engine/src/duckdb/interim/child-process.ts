import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { FaultCode } from '@datacraft/shared';
import { Fault } from '@datacraft/shared';
import type { Answer, FromChild, Request, ToChild } from './protocol.ts';
import type { Progress } from '../session.ts';

const entry = fileURLToPath(new URL('./child.ts', import.meta.url));

/** One child of the pool, seen from the parent: requests in, answers out, and the power to end it. */
export interface Child {
  request(request: Request, onProgress?: (progress: Progress) => void): Promise<Answer>;
  interrupt(): void;
  /** Ends the process; what was asked of it fails with `code`. */
  kill(code: FaultCode, message: string): void;
  readonly alive: boolean;
  /** Above it the child is ended with `out-of-memory`. */
  rssLimitBytes: number;
  readonly exited: Promise<void>;
}

interface Waiting {
  resolve(answer: Answer): void;
  reject(error: Error): void;
  onProgress: ((progress: Progress) => void) | undefined;
}

export function startChild(): Promise<Child> {
  const child = fork(entry, [], {
    execArgv: ['--disable-warning=ExperimentalWarning'],
    env: { PATH: process.env['PATH'], TZ: 'UTC', UV_THREADPOOL_SIZE: '8' },
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  child.unref();
  return whenReady(child);
}

function whenReady(child: ChildProcess): Promise<Child> {
  return new Promise((resolve, reject) => {
    const handle = watch(child, () => resolve(handle));
    child.once('error', (error) =>
      reject(new Fault('worker-died', `a query process could not be started: ${error.message}`, {}, { cause: error })),
    );
    child.once('exit', (code) =>
      reject(new Fault('worker-died', `a query process ended before it was ready (exit ${code})`)),
    );
  });
}

function watch(child: ChildProcess, onReady: () => void): Child {
  const waiting = new Map<number, Waiting>();
  let nextId = 0;
  let alive = true;
  let ended: { code: FaultCode; message: string } | null = null;
  const end = (code: FaultCode, message: string) => {
    ended ??= { code, message };
    alive = false;
    child.ref();
    child.kill('SIGKILL');
  };
  const exited = new Promise<void>((resolve) => {
    child.once('exit', () => {
      alive = false;
      const why = ended ?? {
        code: 'worker-died' as const,
        message: 'the query process ended unexpectedly; run it again',
      };
      for (const request of waiting.values()) request.reject(new Fault(why.code, why.message));
      waiting.clear();
      resolve();
    });
  });
  const handle: Child = {
    rssLimitBytes: Number.POSITIVE_INFINITY,
    exited,
    get alive() {
      return alive;
    },
    request: (request, onProgress) =>
      new Promise<Answer>((resolve, reject) => {
        if (!alive) {
          reject(
            new Fault(ended?.code ?? 'worker-died', ended?.message ?? 'the query process has ended; run it again'),
          );
          return;
        }
        nextId += 1;
        waiting.set(nextId, { resolve, reject, onProgress });
        const message: ToChild = { kind: 'request', id: nextId, request };
        child.send(message, (error) => {
          if (error) child.kill('SIGKILL');
        });
      }),
    interrupt: () => {
      if (alive) child.send({ kind: 'interrupt' } satisfies ToChild);
    },
    kill: end,
  };
  child.on('message', (message: FromChild) => {
    if (message.kind === 'ready') onReady();
    else if (message.kind === 'memory') {
      if (message.rssBytes > handle.rssLimitBytes)
        end(
          'out-of-memory',
          'the query took more memory than it may; filter or aggregate earlier, or raise DATACRAFT_MEMORY_MB',
        );
    } else settle(waiting, message);
  });
  return handle;
}

function settle(waiting: Map<number, Waiting>, message: Exclude<FromChild, { kind: 'ready' | 'memory' }>): void {
  const request = waiting.get(message.id);
  if (!request) return;
  if (message.kind === 'progress') {
    request.onProgress?.({ percent: message.percent, rows: message.rows, total: message.total });
    return;
  }
  waiting.delete(message.id);
  if (message.kind === 'answer') request.resolve(message.answer);
  else request.reject(new Fault(message.code, message.message, message.facts));
}
