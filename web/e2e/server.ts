/** A DataCraft of a test's own: the real program in a child process, on a free port, over a data folder that goes with it. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const program = join(import.meta.dirname, '..', '..', 'server', 'src', 'cli', 'main.ts');

export interface Server {
  readonly url: string;
  readonly dataDir: string;
  /** All it said on stdout until it was ready. */
  readonly said: string;
  /** Ends the process and leaves the data folder. */
  end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void>;
  /** Ends the process and removes the data folder. */
  remove(): Promise<void>;
}

/** Starts on `dataDir`, or on a new folder; on `port`, or a free one. Fails with what the program said. */
export async function startServer(
  options: { dataDir?: string; port?: number; env?: Record<string, string> } = {},
): Promise<Server> {
  const dataDir = options.dataDir ?? newDataDir();
  const args = [program, 'start', '--port', String(options.port ?? 0), '--data-dir', dataDir];
  const child = spawn(process.execPath, args, {
    env: { ...environment(), ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const exited = once(child, 'exit');
  let said = '';
  let complained = '';
  child.stderr.on('data', (chunk: Buffer) => (complained += chunk.toString()));
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      const found = /DataCraft is ready at (\S+)/.exec(said)?.[1];
      if (found !== undefined) resolve(found);
    });
    void exited.then(([code]) => reject(new Error(`the server ended with ${String(code)}:\n${said}${complained}`)));
  });
  async function end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill(signal);
    await exited;
  }
  return {
    url,
    dataDir,
    said,
    end,
    async remove() {
      await end('SIGTERM');
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/** The embedded PostgreSQL runs as another user where we are root, so the folder can be passed through. */
function newDataDir(): string {
  const dir = mkdtempSync(join(tmpdir(), 'datacraft-e2e-'));
  chmodSync(dir, 0o755);
  return dir;
}

/** Nothing of the caller's DataCraft but where the built web app lies. */
function environment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) => name === 'DATACRAFT_WEB_DIR' || !/^(DATACRAFT_|DATABASE_URL$)/.test(name),
  );
  return { ...Object.fromEntries(kept), DATACRAFT_LOG_LEVEL: 'error' };
}
