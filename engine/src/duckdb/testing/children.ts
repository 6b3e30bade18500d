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

/** The child that is busy and stays so: one that only starts is busy for a moment too. */
export async function busiestChild(): Promise<number> {
  let busiest = 0;
  for (let times = 0; times < 4;) {
    const found = await busiestNow();
    times = found !== 0 && found === busiest ? times + 1 : 0;
    busiest = found;
  }
  return busiest;
}

async function busiestNow(): Promise<number> {
  const pids = await engineChildren();
  const before = await Promise.all(pids.map(ticksOf));
  await new Promise((resolve) => setTimeout(resolve, 300));
  const after = await Promise.all(pids.map(ticksOf));
  const used = after.map((ticks, index) => ticks - (before[index] ?? 0));
  const most = Math.max(...used);
  return most > 0 ? (pids[used.indexOf(most)] ?? 0) : 0;
}

async function ticksOf(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => ''); // It may have ended.
  if (stat === '') return 0;
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return Number(fields[11]) + Number(fields[12]);
}
