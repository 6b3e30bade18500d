import { availableParallelism } from 'node:os';
import { Fault } from '@datacraft/shared';
import type { Child } from './child-process.ts';
import { startChild } from './child-process.ts';
import { createParser } from './parser.ts';
import { openSession } from './open-session.ts';
import type { DuckPool, DuckSession, SessionOptions } from '../session.ts';

export interface PoolOptions {
  /** Sessions at the same time; more wait in line. Default: two per core, at least four. */
  readonly size?: number;
  /** Of a session that names none. */
  readonly memoryLimitMb?: number;
  readonly threads?: number;
}

/** So many idle children are kept warm. */
const WARM = 2;

/** A pool of killable children. Nothing starts before the first session. */
export function createDuckPool(options: PoolOptions = {}): DuckPool {
  const size = options.size ?? Math.max(4, 2 * availableParallelism());
  const children = new Set<Child>();
  const idle: Child[] = [];
  const line: (() => void)[] = [];
  let busy = 0;
  let stopped = false;

  const turn = async (signal: AbortSignal | undefined): Promise<void> => {
    if (busy < size) {
      busy += 1;
      return;
    }
    await new Promise<void>((resolve, reject) => {
      const mine = () => {
        signal?.removeEventListener('abort', leave);
        resolve();
      };
      const leave = () => {
        line.splice(line.indexOf(mine), 1);
        reject(new Fault('cancelled', 'cancelled while it waited for its turn'));
      };
      line.push(mine);
      signal?.addEventListener('abort', leave, { once: true });
    });
  };
  const endTurn = () => {
    const next = line.shift();
    if (next) next();
    else busy -= 1;
  };
  const take = async (): Promise<Child> => {
    for (let child = idle.pop(); child; child = idle.pop()) if (child.alive) return child;
    const child = await startChild();
    children.add(child);
    void child.exited.then(() => children.delete(child));
    if (stopped) child.kill('cancelled', 'the server is stopping');
    return child;
  };
  const giveBack = (child: Child) => {
    if (child.alive && !stopped && idle.length < WARM) idle.push(child);
    else child.kill('cancelled', 'the query process was put away');
    endTurn();
  };

  const open = async (wanted: SessionOptions = {}): Promise<DuckSession> => {
    if (stopped) throw new Fault('cancelled', 'the server is stopping');
    if (wanted.signal?.aborted) throw new Fault('cancelled', 'cancelled before it began');
    await turn(wanted.signal);
    let child: Child | null = null;
    try {
      child = await take();
      const held = child;
      const defaults = { memoryLimitMb: options.memoryLimitMb ?? 1024, threads: options.threads ?? 2 };
      return await openSession(child, { ...defaults, ...wanted }, () => giveBack(held));
    } catch (error) {
      if (child) giveBack(child);
      else endTurn();
      throw error;
    }
  };
  const parser = createParser(open);
  return {
    open,
    parse: (sql) => parser.parse(sql),
    stop: async () => {
      stopped = true;
      await parser.stop();
      const ending = [...children];
      for (const child of ending) child.kill('cancelled', 'the server is stopping');
      await Promise.all(ending.map((child) => child.exited));
    },
  };
}
