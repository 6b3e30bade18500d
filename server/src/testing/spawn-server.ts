import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

export interface ServerProcess {
  readonly pid: number;
  readonly port: number;
  kill(signal: 'SIGKILL' | 'SIGTERM'): Promise<number | null>;
}

export interface FailedStart {
  readonly code: number | null;
  readonly said: string;
}

const script = fileURLToPath(new URL('./server-process.ts', import.meta.url));

/** Resolves when it is ready, or with what it said when it gave up. */
export async function spawnServer(
  dataDir: string,
  port = 0,
  env: Record<string, string> = {},
): Promise<ServerProcess | FailedStart> {
  const child = spawn(process.execPath, [script, dataDir, String(port)], {
    env: { PATH: process.env['PATH'], DATACRAFT_LOG_LEVEL: 'error', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const exited = once(child, 'exit');
  const ready = new Promise<number>((resolve) => {
    child.stdout.on('data', (chunk: Buffer) => {
      const url = /^ready (\S+)/m.exec(chunk.toString())?.[1];
      if (url !== undefined) resolve(Number(new URL(url).port));
    });
  });
  const first = await Promise.race([ready, exited]);
  if (typeof first !== 'number') return { code: child.exitCode, said: said.trim() };
  return {
    pid: child.pid ?? 0,
    port: first,
    async kill(signal) {
      child.kill(signal);
      await exited;
      return child.exitCode;
    },
  };
}

export async function startedServer(
  dataDir: string,
  port = 0,
  env: Record<string, string> = {},
): Promise<ServerProcess> {
  const outcome = await spawnServer(dataDir, port, env);
  if ('said' in outcome) throw new Error(`the server did not start (exit ${outcome.code}): ${outcome.said}`);
  return outcome;
}
