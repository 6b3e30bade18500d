import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** Runs a script of ours; kill -9 after so many ms, unless null. Whether it was killed; throws when it failed by itself. */
export async function killedSoon(args: readonly string[], afterMs: number | null): Promise<boolean> {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', ...args], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const timer = afterMs === null ? null : setTimeout(() => child.kill('SIGKILL'), afterMs);
  const [code, signal] = (await once(child, 'exit')) as [number | null, string | null];
  if (timer) clearTimeout(timer);
  if (signal === 'SIGKILL') return true;
  if (code !== 0) throw new Error(`${args.join(' ')} ended with ${code}`);
  return false;
}
