import { randomUUID } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { Fault } from '@datacraft/shared';
import { createSqlParser } from './parser.ts';
import { cancelledFault, createSession, type EndableSession, timedOutFault } from './pool-session.ts';
import { createReserve } from './reserve.ts';
import type { DuckPool, DuckSession, SessionOptions } from './session.ts';
import { createSlots } from './slots.ts';
import type { SessionSettings } from './wire.ts';
import { startWorker, type Worker } from './worker.ts';

export interface DuckPoolOptions {
  /** Sessions open at the same time; further ones wait their turn. */
  readonly size?: number;
  readonly memoryLimitMb?: number;
  readonly threads?: number;
  /** Below it, sessions without a directory of their own get one to spill to. Without it they spill nowhere. */
  readonly spillDir?: string;
  /** What one session may spill to disk. */
  readonly spillLimitMb?: number;
  /** Children kept ready however long nothing runs; those of a burst stay for a while. */
  readonly warm?: number;
}

// A child that comes back larger than this keeps memory that nobody uses; a new one costs 0.2 s.
const RETIRE_RSS_BYTES = 700e6;
// Making a database ready takes a core for a while: whoever closed a session goes on first.
const PREPARE_AFTER_MS = 50;
const SURPLUS_MS = 10_000;

export function createDuckPool(options: DuckPoolOptions = {}): DuckPool {
  const size = options.size ?? Math.max(4, availableParallelism());
  const warm = Math.min(options.warm ?? 2, size);
  const slots = createSlots(size);
  const workers = new Set<Worker>();
  const sessions = new Set<EndableSession>();
  const unprepared = new Set<Worker>();
  const ready = new WeakSet<Worker>();
  const idle = createReserve<Worker>({
    keep: warm,
    surplusMs: SURPLUS_MS,
    isReady: (worker) => ready.has(worker),
    letGo: (worker) => worker.kill(),
  });
  const parser = createSqlParser(start);
  let stopped = false;

  function start(): Worker {
    const worker = startWorker();
    workers.add(worker);
    void worker.exited.then(() => {
      workers.delete(worker);
      unprepared.delete(worker);
      idle.remove(worker);
    });
    return worker;
  }

  function keepIdle(worker: Worker): void {
    unprepared.add(worker);
    worker.setIdle(true);
    idle.put(worker);
    setTimeout(() => prepare(worker), PREPARE_AFTER_MS).unref();
  }

  function prepare(worker: Worker): void {
    if (!unprepared.delete(worker)) return;
    const isReady = worker.call('prepare', { threads: threadsOf(options) }).then(() => void ready.add(worker));
    isReady.catch(() => undefined); // Whoever opens a session in it is told.
  }

  function takeWorker(): Worker {
    const worker = idle.take() ?? start();
    unprepared.delete(worker);
    worker.setIdle(false);
    return worker;
  }

  async function giveBack(worker: Worker, rssBytes: number | null): Promise<void> {
    const reusable = !stopped && worker.isAlive && rssBytes !== null && rssBytes < RETIRE_RSS_BYTES;
    if (reusable) return keepIdle(worker);
    worker.kill();
    await worker.exited;
  }

  async function open(wanted: SessionOptions = {}): Promise<DuckSession> {
    if (stopped) throw stoppedFault();
    const deadlineMs = wanted.timeoutMs === undefined ? null : performance.now() + wanted.timeoutMs;
    await slots.take(waitSignal(wanted), () => waitFault(wanted));
    const spill = await privateSpillDir(options.spillDir, wanted.writableDir);
    if (stopped) {
      slots.free();
      throw stoppedFault();
    }
    const worker = takeWorker();
    const session = createSession({
      worker,
      settings: settingsOf(options, wanted, spill?.dir ?? null),
      signal: wanted.signal,
      deadlineMs,
      timeoutMs: wanted.timeoutMs,
      release: async (rssBytes) => {
        sessions.delete(session);
        await giveBack(worker, rssBytes);
        await spill?.remove();
        slots.free();
      },
    });
    sessions.add(session);
    await session.start();
    ready.add(worker); // it has started, and is ready again before a new one would be
    // Only now, so that it does not slow the one that was waited for.
    for (const other of unprepared) prepare(other);
    if (!stopped && idle.size === 0 && warm > 1 && sessions.size < size) keepIdle(start());
    return session;
  }

  return {
    open,
    parse: (sql) => {
      if (stopped) return Promise.reject(stoppedFault());
      return parser.parse(sql);
    },
    stop: async () => {
      stopped = true;
      for (const session of sessions) session.end(stoppedFault());
      slots.refuse(stoppedFault());
      const all = [...workers];
      for (const worker of all) {
        worker.setIdle(false);
        worker.kill();
      }
      await Promise.all(all.map((worker) => worker.exited));
    },
  };
}

function settingsOf(pool: DuckPoolOptions, wanted: SessionOptions, spillDir: string | null): SessionSettings {
  return {
    readable: wanted.readable ?? [],
    writableDir: wanted.writableDir ?? null,
    models: wanted.models ?? [],
    spillDir,
    spillLimitMb: pool.spillLimitMb ?? 10_000,
    memoryLimitMb: wanted.memoryLimitMb ?? pool.memoryLimitMb ?? 1024,
    threads: wanted.threads ?? threadsOf(pool),
  };
}

function threadsOf({ threads }: DuckPoolOptions): number {
  return threads ?? Math.min(4, availableParallelism());
}

interface SpillDir {
  readonly dir: string;
  remove(): Promise<void>;
}

async function privateSpillDir(parent: string | undefined, writableDir: string | undefined): Promise<SpillDir | null> {
  const base = writableDir ?? parent;
  if (base === undefined) return null;
  const dir = join(base, writableDir === undefined ? `spill-${randomUUID()}` : '.spill');
  await mkdir(dir, { recursive: true, mode: 0o700 });
  return { dir, remove: () => rm(dir, { recursive: true, force: true }) };
}

function waitSignal({ signal, timeoutMs }: SessionOptions): AbortSignal | undefined {
  const signals = [signal, timeoutMs === undefined ? undefined : AbortSignal.timeout(timeoutMs)];
  const present = signals.filter((one) => one !== undefined);
  return present.length === 0 ? undefined : AbortSignal.any(present);
}

function waitFault({ signal, timeoutMs }: SessionOptions): Fault {
  return signal?.aborted ? cancelledFault(signal) : timedOutFault(timeoutMs);
}

function stoppedFault(): Fault {
  return new Fault('cancelled', 'the query engine is shutting down');
}
