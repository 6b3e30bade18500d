import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { delimiter } from 'node:path';
import { fileURLToPath } from 'node:url';
import { anyToRun } from '@datacraft/engine';
import type { Queryable } from '@datacraft/engine';
import type { Logger } from 'pino';
import type { Config } from '../config.ts';

const main = fileURLToPath(new URL('../cli/main.ts', import.meta.url));
const LOOK_EVERY_MS = 500;
/** Between two beginnings: one that dies at once is not begun all the time. */
const AGAIN_AFTER_MS = 2_000;
const STOP_WITHIN_MS = 10_000;

/** Keeps a process of `datacraft stream` running while there are live streams; one that dies is started again. */
export function superviseStreams(deps: { db: Queryable; config: Config; url: string; log: Logger }): {
  stop(): Promise<void>;
} {
  let child: ChildProcess | null = null;
  let stopped = false;
  let beganAt = Number.NEGATIVE_INFINITY;
  const begin = () => {
    beganAt = performance.now();
    child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', main, 'stream', '--supervised'], {
      env: { ...process.env, ...settingsOf(deps.config), DATABASE_URL: deps.url },
      stdio: ['pipe', 'ignore', 'inherit'],
    });
    child.stdin?.on('error', () => undefined); // it is gone: `exit` tells
    child.once('exit', (code, signal) => {
      child = null;
      if (stopped) return;
      deps.log.warn({ code, signal }, 'the process of the streams ended; it is started again');
      lookNow();
    });
  };
  const look = async () => {
    if (stopped || child !== null || performance.now() - beganAt < AGAIN_AFTER_MS) return;
    if ((await anyToRun(deps.db)) && !stopped && child === null) begin();
  };
  const lookNow = () => {
    look().catch((error: unknown) => deps.log.warn({ err: error }, 'streams could not be looked for; again soon'));
  };
  const timer = setInterval(lookNow, LOOK_EVERY_MS);
  return {
    stop: async () => {
      stopped = true;
      clearInterval(timer);
      if (child === null) return;
      const exited = once(child, 'exit');
      const late = setTimeout(() => child?.kill('SIGKILL'), STOP_WITHIN_MS);
      child.kill('SIGTERM');
      await exited;
      clearTimeout(late);
    },
  };
}

/** The same settings, wherever the server has them from. */
function settingsOf(config: Config): Record<string, string> {
  return {
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
