import { readdir, readFile } from 'node:fs/promises';

/** Children of this process that run the engine, from /proc; elsewhere none are seen. */
export async function engineChildren(): Promise<readonly number[]> {
  const entries = await readdir('/proc').catch(() => []);
  const pids = entries.filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(pids.map(async (pid) => ((await isEngineChild(pid)) ? [Number(pid)] : [])));
  return found.flat();
}

async function isEngineChild(pid: string): Promise<boolean> {
  try {
    const [stat, command] = await Promise.all([
      readFile(`/proc/${pid}/stat`, 'utf8'),
      readFile(`/proc/${pid}/cmdline`, 'utf8'),
    ]);
    const parent = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1];
    return Number(parent) === process.pid && command.includes('duckdb/child.ts');
  } catch {
    return false; // It ended while we looked.
  }
}

/** The child that used the processor most within the last moment. */
export async function busiestChild(): Promise<number> {
  const pids = await engineChildren();
  const before = await Promise.all(pids.map(ticksOf));
  await new Promise((resolve) => setTimeout(resolve, 400));
  const after = await Promise.all(pids.map(ticksOf));
  const used = after.map((ticks, index) => ticks - (before[index] ?? 0));
  return pids[used.indexOf(Math.max(...used))] ?? 0;
}

async function ticksOf(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return Number(fields[11]) + Number(fields[12]);
}
