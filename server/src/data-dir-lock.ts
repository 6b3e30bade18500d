import { randomBytes } from 'node:crypto';
import { link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Fault } from '@datacraft/shared';

/** One server per data directory. */
export interface DataDirLock {
  /** Tells who comes second where we listen. */
  announce(port: number): Promise<void>;
  release(): Promise<void>;
}

interface Holder {
  readonly pid: number;
  /** Tells our process from a later one with the same number. */
  readonly born: string | null;
  readonly port: number | null;
  readonly nonce: string;
}

export async function lockDataDir(dataDir: string): Promise<DataDirLock> {
  try {
    return await lock(dataDir);
  } catch (error) {
    throw explain(error, dataDir);
  }
}

function explain(cause: unknown, dataDir: string): unknown {
  const code = cause instanceof Error && 'code' in cause ? cause.code : '';
  switch (code) {
    case 'EACCES':
    case 'EPERM':
    case 'EROFS': {
      const message = `the data folder ${dataDir} may not be written by this account; start as its owner or choose another with --data-dir`;
      return new Fault('config-invalid', message, {}, { cause });
    }
    case 'ENOSPC':
    case 'EDQUOT':
      return new Fault(
        'disk-full',
        `the disk that holds ${dataDir} is full; free some space and start again`,
        {},
        { cause },
      );
    default:
      return cause;
  }
}

async function lock(dataDir: string): Promise<DataDirLock> {
  await mkdir(dataDir, { recursive: true });
  const file = path.join(dataDir, 'server.lock');
  const own: Holder = {
    pid: process.pid,
    born: await birthOf(process.pid),
    port: null,
    nonce: randomBytes(8).toString('hex'),
  };
  await takeLock(file, own);
  return {
    announce: (port) => replace(file, { ...own, port }),
    release: async () => {
      if ((await readHolder(file))?.nonce === own.nonce) await rm(file, { force: true });
    },
  };
}

async function takeLock(file: string, own: Holder): Promise<void> {
  for (let attempt = 0; attempt < 5; attempt++) {
    if (await createWhole(file, own)) return;
    const holder = await readHolder(file);
    if (holder && (await isRunning(holder))) throw inUse(holder);
    await removeStale(file, holder);
  }
  throw new Fault('data-dir-in-use', `the lock ${file} changes hands all the time; see which servers are starting`);
}

function inUse(holder: Holder): Fault {
  const where = holder.port === null ? 'still starting' : `at port ${holder.port}`;
  return new Fault(
    'data-dir-in-use',
    `another DataCraft server uses this data folder (process ${holder.pid}, ${where}); stop it or choose another with --data-dir`,
  );
}

/** The file appears with its content or not at all. */
async function createWhole(file: string, holder: Holder): Promise<boolean> {
  const partial = `${file}.${holder.nonce}`;
  await writeFile(partial, JSON.stringify(holder), { mode: 0o644 });
  try {
    await link(partial, file);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(partial, { force: true });
  }
}

async function replace(file: string, holder: Holder): Promise<void> {
  const partial = `${file}.${holder.nonce}`;
  await writeFile(partial, JSON.stringify(holder), { mode: 0o644 });
  await rename(partial, file);
}

/** Moves the dead holder's file aside; if a live one's came along meanwhile, puts it back. */
async function removeStale(file: string, seen: Holder | null): Promise<void> {
  const aside = `${file}.stale-${randomBytes(6).toString('hex')}`;
  try {
    await rename(file, aside);
  } catch {
    return; // somebody else removed it first
  }
  const moved = await readHolder(aside);
  if (moved && moved.nonce !== seen?.nonce) await link(aside, file).catch(() => undefined);
  await rm(aside, { force: true });
}

async function readHolder(file: string): Promise<Holder | null> {
  try {
    const value: unknown = JSON.parse(await readFile(file, 'utf8'));
    if (typeof value !== 'object' || value === null || !('pid' in value)) return null;
    return value as Holder;
  } catch {
    return null; // gone, or not a lock of ours: both mean that nobody holds it
  }
}

async function isRunning(holder: Holder): Promise<boolean> {
  if (holder.pid === process.pid && holder.born === (await birthOf(process.pid))) return true;
  try {
    process.kill(holder.pid, 0);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EPERM')) return false;
  }
  const born = await birthOf(holder.pid);
  return born === null || holder.born === null || born === holder.born;
}

/** Boot and start time where the system tells them. */
async function birthOf(pid: number): Promise<string | null> {
  try {
    const [boot, stat] = await Promise.all([
      readFile('/proc/sys/kernel/random/boot_id', 'utf8'),
      readFile(`/proc/${pid}/stat`, 'utf8'),
    ]);
    return `${boot.trim()}/${stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? ''}`;
  } catch {
    return null; // no /proc here
  }
}
