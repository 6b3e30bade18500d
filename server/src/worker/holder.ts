import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import type { Queryable } from '@datacraft/engine';
import { leaseHolders } from '@datacraft/engine';

/** How a process signs the runs it holds: `host:pid:nonce`. */
export function newHolder(): string {
  return `${hostname()}:${process.pid}:${randomBytes(4).toString('hex')}`;
}

/** Holders on this machine whose process is gone. Others are judged by their lease alone. */
export async function deadHolders(db: Queryable, own: string): Promise<string[]> {
  return deadAmong(await leaseHolders(db), own);
}

export function deadAmong(holders: readonly string[], own: string): string[] {
  return holders.filter((holder) => holder !== own && isDead(holder));
}

function isDead(holder: string): boolean {
  const [host, pid] = holder.split(':');
  if (host !== hostname() || pid === undefined || !/^\d+$/.test(pid)) return false;
  // One process holds under one name; another one with our number is of a process before us.
  if (Number(pid) === process.pid) return true;
  try {
    process.kill(Number(pid), 0);
    return false;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ESRCH';
  }
}
