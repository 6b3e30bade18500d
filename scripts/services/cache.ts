import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';

/** Where downloads are kept between runs: `DATACRAFT_CACHE_DIR`, else the user's cache directory. */
export function cacheDir(env: NodeJS.ProcessEnv = process.env): string {
  const base = env['XDG_CACHE_HOME'] || join(homedir(), '.cache');
  return env['DATACRAFT_CACHE_DIR'] || join(base, 'datacraft', 'services');
}

export const cachePath = (name: string): string => join(cacheDir(), name);

/** Makes `name` in the cache once; it appears whole, by a rename. Of two at once, the first wins. */
export async function cacheOnce(name: string, make: (partial: string) => Promise<void>): Promise<string> {
  const final = cachePath(name);
  if (existsSync(final)) return final;
  const partial = `${final}.partial-${process.pid}`;
  await mkdir(dirname(final), { recursive: true });
  await rm(partial, { recursive: true, force: true });
  await mkdir(partial);
  try {
    await make(partial);
    await rename(partial, final);
  } catch (error) {
    if (!existsSync(final)) throw error;
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
  return final;
}

interface CommandOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string;
}

/** Runs a program to its end and gives what it printed; a failure names the command and its last lines. */
export function command(program: string, args: readonly string[], options: CommandOptions = {}): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd: options.cwd,
      env: { ...process.env, ...options.env },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    let printed = '';
    let said = '';
    child.stdout.on('data', (chunk: Buffer) => (printed += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
    const failed = (why: string) => reject(new Error(`${program} ${args.join(' ')}\n${why}`));
    child.on('error', (error) => failed(`${error.message}; install ${program} and try again`));
    child.on('close', (code) => (code === 0 ? resolve(printed) : failed(`exit ${code}: ${tail(printed + said)}`)));
    child.stdin.on('error', () => undefined); // it closed its input; its exit code tells
    child.stdin.end(options.input ?? '');
  });
}

const tail = (text: string): string => text.trim().split('\n').slice(-15).join('\n');
