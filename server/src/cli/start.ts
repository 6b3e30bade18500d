import { attachEngine } from '../attach.ts';
import { loadConfig } from '../config.ts';
import { startServer } from '../main.ts';
import { readArguments } from './arguments.ts';
import type { Output } from './output.ts';
import { exitCodes } from './output.ts';

/** `datacraft start`: serves until SIGTERM or SIGINT, then drains. A second signal does not wait. */
export async function start(args: readonly string[], output: Output): Promise<number> {
  const read = readArguments(args, {
    port: { type: 'string' },
    host: { type: 'string' },
    'data-dir': { type: 'string' },
    'no-worker': { type: 'boolean' },
  });
  const config = loadConfig(process.env, {
    port: read.text('port'),
    host: read.text('host'),
    dataDir: read.text('data-dir'),
    worker: read.flag('no-worker') ? false : undefined,
  });
  const stopped = firstSignal();
  const server = await startServer(config, { attach: attachEngine, onStep: (step) => output.err(step) });
  output.out(`DataCraft is ready at ${server.url}`);
  await stopped;
  await server.stop();
  return exitCodes.done;
}

/** A terminal signals the whole process group and our launcher passes it on: one key press arrives twice. */
const SAME_KEY_PRESS_MS = 1_000;

/** Resolves at the first signal to stop; the second ends the process at once. */
export function firstSignal(): Promise<void> {
  return new Promise((resolve) => {
    let firstAt: number | null = null;
    const onSignal = () => {
      if (firstAt !== null && performance.now() - firstAt > SAME_KEY_PRESS_MS) process.exit(1);
      firstAt ??= performance.now();
      resolve();
    };
    process.on('SIGTERM', onSignal);
    process.on('SIGINT', onSignal);
  });
}
