import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { anyToRun } from '@datacraft/engine';
import type { Queryable } from '@datacraft/engine';
import type { Logger } from 'pino';
import type { Config } from '../config.ts';

const main = fileURLToPath(new URL('../cli/main.ts', import.meta.url));
const LOOK_EVERY_MS = 500;
/** Between two beginnings: one that dies at once is not begun all the time. */
const AGAIN_AFTER_MS = 2_000;
/** A process that just took over is not slowed by the start of the next spare one. */
const SPARE_AFTER_MS = 1_000;
const STOP_WITHIN_MS = 10_000;

/**
 * Keeps a process of `datacraft stream` running while there are live streams, and a spare one that is ready and waits: when
 * the first dies, the other is told to go on at once.
 */
export function superviseStreams(deps: { db: Queryable; config: Config; url: string; log: Logger }): {
  stop(): Promise<void>;
} {
  let running: ChildProcess | null = null;
  let spare: ChildProcess | null = null;
  let stopped = false;
  let [beganAt, tookOverAt] = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY];
  const begin = (args: readonly string[]): ChildProcess => {
    beganAt = performance.now();
    const child = spawnRunner(args, deps);
    child.once('exit', (code, signal) => {
      const wasRunning = child === running;
      if (wasRunning) running = null;
      if (child === spare) spare = null;
      if (stopped) return;
      deps.log.warn({ code, signal, wasRunning }, 'a process of the streams ended; another goes on');
      if (wasRunning && spare !== null) takeOver(spare);
      else lookNow();
    });
    return child;
  };
  const takeOver = (child: ChildProcess) => {
    [running, spare] = [child, null];
    tookOverAt = performance.now();
    child.stdin?.write('run\n');
  };
  const isTime = () => performance.now() - beganAt >= AGAIN_AFTER_MS;
  const isWanted = () => !stopped && isTime() && (running === null || spare === null);
  const look = async () => {
    if (!isWanted() || !(await anyToRun(deps.db)) || !isWanted()) return;
    if (running === null) running = begin([]);
    else if (performance.now() - tookOverAt >= SPARE_AFTER_MS) spare = begin(['--spare']);
  };
  const lookNow = () => {
    look().catch((error: unknown) => deps.log.warn({ err: error }, 'streams could not be looked for; again soon'));
  };
  const timer = setInterval(lookNow, LOOK_EVERY_MS);
  return {
    stop: async () => {
      stopped = true;
      clearInterval(timer);
      await Promise.all([running, spare].map((child) => child && ended(child)));
    },
  };
}

function spawnRunner(args: readonly string[], { config, url }: { config: Config; url: string }): ChildProcess {
  const command = ['--disable-warning=ExperimentalWarning', main, 'stream', '--supervised', ...args];
  const child = spawn(process.execPath, command, {
    env: { ...process.env, ...settingsOf(config), DATABASE_URL: url },
    stdio: ['pipe', 'ignore', 'inherit'],
  });
  child.stdin?.on('error', () => undefined); // it is gone: `exit` tells
  return child;
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  const late = setTimeout(() => child.kill('SIGKILL'), STOP_WITHIN_MS);
  child.kill('SIGTERM');
  await exited;
  clearTimeout(late);
}

/** The same settings, wherever the server has them from. */
function settingsOf(config: Config): Record<string, string> {
  return {
    NODE_COMPILE_CACHE: join(config.dataDir, 'compiled'),
    DATACRAFT_DATA_DIR: config.dataDir,
    DATACRAFT_LAKE_URL: config.lakeUrl,
    DATACRAFT_LOG_LEVEL: config.logLevel,
    DATACRAFT_ALLOWED_HOSTS: config.allowedHosts.join(','),
    DATACRAFT_ALLOWED_PATHS: config.allowedPaths.join(delimiter),
    DATACRAFT_MEMORY_MB: String(config.memoryLimitMb),
    DATACRAFT_THREADS: String(config.threads),
    DATACRAFT_RUN_TIMEOUT_S: String(Math.round(config.runTimeoutMs / 1_000)),
    ...(config.secretKey === null ? {} : { DATACRAFT_SECRET_KEY: config.secretKey }),
  };
}
