import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import type { Steady, SteadyAnswers } from './steady-client.ts';

/** Asks at a steady rate from another process. */
export async function askSteadily(asked: Steady): Promise<SteadyAnswers> {
  const program = new URL('steady-client.ts', import.meta.url).pathname;
  const client = spawn(process.execPath, [program], { stdio: ['pipe', 'pipe', 'inherit'] });
  client.stdin.end(JSON.stringify(asked));
  return JSON.parse(await text(client.stdout)) as SteadyAnswers;
}
