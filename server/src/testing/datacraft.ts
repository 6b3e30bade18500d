import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

export const program = fileURLToPath(new URL('../../../scripts/datacraft.js', import.meta.url));
const main = fileURLToPath(new URL('../cli/main.ts', import.meta.url));

export interface Outcome {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
  /** The last line of stdout, as JSON. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- tests read what the program says
  readonly json: () => any;
}

export interface RunningProgram {
  readonly child: ChildProcess;
  readonly outcome: Promise<Outcome>;
}

/** Starts the program without its launcher, so that a signal meets the process that works. */
export function startProgram(args: readonly string[], env: Record<string, string> = {}): RunningProgram {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', main, ...args], {
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], DATACRAFT_LOG_LEVEL: 'error', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return { child, outcome: outcomeOf(child) };
}

/** The program as people call it. */
export function datacraft(args: readonly string[], env: Record<string, string> = {}): Promise<Outcome> {
  const child = spawn(process.execPath, [program, ...args], {
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], DATACRAFT_LOG_LEVEL: 'error', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return outcomeOf(child);
}

async function outcomeOf(child: ChildProcess): Promise<Outcome> {
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  child.stdout?.on('data', (chunk: Buffer) => out.push(chunk));
  child.stderr?.on('data', (chunk: Buffer) => err.push(chunk));
  await once(child, 'close');
  const text = Buffer.concat(out).toString('utf8');
  return {
    code: child.exitCode,
    out: text,
    err: Buffer.concat(err).toString('utf8'),
    json: () => JSON.parse(text.trimEnd().split('\n').at(-1) ?? ''),
  };
}
