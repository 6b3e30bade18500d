import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { Fault } from '@datacraft/shared';
import type { Progress } from './session.ts';
import type { FromChild, OperationName, Operations, Request, ToChild } from './wire.ts';

export interface CallHooks {
  readonly onRows?: (rows: unknown[][]) => void;
  readonly onTick?: (progress: Progress, rssBytes: number) => void;
}

/** One child process, seen from the server. */
export interface Worker {
  readonly pid: number | undefined;
  readonly isAlive: boolean;
  call<Name extends OperationName>(
    name: Name,
    request: Operations[Name]['request'],
    hooks?: CallHooks,
  ): Promise<Operations[Name]['answer']>;
  interrupt(): void;
  kill(): void;
  /** An idle child does not keep this process alive. */
  setIdle(idle: boolean): void;
  readonly exited: Promise<void>;
}

interface Pending {
  readonly hooks: CallHooks;
  readonly resolve: (answer: unknown) => void;
  readonly reject: (error: Fault) => void;
}

export function startWorker(): Worker {
  const child = forkChild();
  const pending = new Map<number, Pending>();
  let lastId = 0;
  let alive = true;
  let said = '';
  const fail = (reason: string): void => {
    alive = false;
    for (const call of pending.values()) call.reject(new Fault('worker-died', DIED, {}, { cause: new Error(reason) }));
    pending.clear();
  };
  const exited = new Promise<void>((resolve) => {
    child.once('exit', (code, signal) => {
      fail(`exit ${code ?? signal ?? 'unknown'} ${said}`.trim());
      resolve();
    });
    child.once('error', (error) => {
      fail(error.message);
      if (child.pid === undefined) resolve();
    });
  });
  child.stderr?.on('data', (text: Buffer) => (said = (said + text.toString('utf8')).slice(-2000)));
  child.on('message', (message: FromChild) => settle(pending, message));
  const post = (message: ToChild): void => {
    if (alive && child.connected) child.send(message, (error) => error && fail(error.message));
  };
  return {
    pid: child.pid,
    get isAlive() {
      return alive;
    },
    call: (name, request, hooks = {}) =>
      new Promise((resolve, reject) => {
        if (!alive) return reject(new Fault('worker-died', DIED));
        const id = (lastId += 1);
        // The child answers each call with the type its name has in `Operations`.
        pending.set(id, { hooks, resolve: resolve as (answer: unknown) => void, reject });
        post({ kind: 'request', id, call: { name, request } as Request });
      }),
    interrupt: () => post({ kind: 'interrupt' }),
    kill: () => void child.kill('SIGKILL'),
    setIdle: (idle) => setIdle(child, idle),
    exited,
  };
}

const DIED =
  'the process that ran this statement ended unexpectedly; run it again, with fewer rows if it happens twice';

function settle(pending: Map<number, Pending>, message: FromChild): void {
  const call = pending.get(message.id);
  if (!call) return;
  switch (message.kind) {
    case 'rows':
      call.hooks.onRows?.(message.rows);
      return;
    case 'tick':
      call.hooks.onTick?.(message.progress, message.rssBytes);
      return;
    case 'answer':
      pending.delete(message.id);
      call.resolve(message.answer);
      return;
    case 'failure': {
      pending.delete(message.id);
      const { code, message: sentence, said, facts } = message.failure;
      call.reject(new Fault(code, said ?? sentence, facts));
    }
  }
}

// Enough for rows on their way through and far below what an unbounded conversion could take.
const CHILD_HEAP_MB = 768;

function forkChild(): ChildProcess {
  return fork(fileURLToPath(new URL('./child.ts', import.meta.url)), [], {
    execPath: process.execPath,
    execArgv: [`--max-old-space-size=${CHILD_HEAP_MB}`],
    cwd: '/',
    // Nothing of our own environment: SQL must find no secret there.
    env: { UV_THREADPOOL_SIZE: '4', TZ: 'UTC', LANG: 'C.UTF-8', HOME: '/nonexistent' },
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
}

function setIdle(child: ChildProcess, idle: boolean): void {
  const parts = [child, child.channel, child.stderr] as readonly (
    { ref?(): void; unref?(): void } | null | undefined
  )[];
  for (const part of parts) {
    if (idle) part?.unref?.();
    else part?.ref?.();
  }
}
