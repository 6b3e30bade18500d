import { flushCompileCache } from 'node:module';
import type { DuckPool } from '@datacraft/engine';
import { pino } from 'pino';
import { loadConfig } from '../config.ts';
import { startBus } from '../live/bus.ts';
import { startStreamRunner } from '../stream/runner.ts';
import { notebookReads } from '../auth/table-access.ts';
import { notebookResolver } from '../worker/notebook-files.ts';
import { readArguments } from './arguments.ts';
import { withDatabaseUrl } from './workspace.ts';
import type { Output } from './output.ts';
import { exitCodes } from './output.ts';
import { firstSignal } from './start.ts';

/** `datacraft stream`: runs the live streams of a database and lake until SIGTERM. */
export async function stream(args: readonly string[], output: Output): Promise<number> {
  const read = readArguments(args, {
    'data-dir': { type: 'string' },
    supervised: { type: 'boolean' },
    spare: { type: 'boolean' },
  });
  const config = loadConfig(process.env, { dataDir: read.text('data-dir') });
  const stopped = read.flag('supervised') ? Promise.race([firstSignal(), parentGone()]) : firstSignal();
  const orders = read.flag('spare') ? told() : null;
  const log = pino({ level: config.logLevel }, pino.destination(2));
  const { workspace, url } = await withDatabaseUrl(config);
  const bus = await startBus({ pool: workspace.pool, url });
  try {
    const tell = (notebookId: string, tables: readonly string[]) =>
      bus
        .publish('tables', { notebookId, tables: [...tables] })
        .catch((error: unknown) => log.warn({ err: error }, 'a commit could not be told'));
    const warm = warmUp(workspace.deps.duck);
    keepCompiled();
    if (orders !== null) {
      await warm;
      output.err('datacraft stream waits to be told to run');
      if ((await Promise.race([stopped.then(() => 'stop'), orders])) === 'stop') return exitCodes.done;
    }
    const runner = startStreamRunner(
      {
        deps: workspace.deps,
        resolveFor: notebookResolver(config),
        mayReadFor: notebookReads(workspace.pool),
        onCommit: (notebookId, { committed }) => void tell(notebookId, [...committed.keys()]),
      },
      log,
    );
    output.err('datacraft stream is ready');
    await stopped;
    await runner.stop();
    return exitCodes.done;
  } finally {
    await bus.stop();
    await workspace.close();
  }
}

/** The children that a stream needs first, one that parses and one that reads: at once, and before they are asked for. */
async function warmUp(duck: DuckPool): Promise<void> {
  const opened = duck.open().then((session) => session.close());
  await Promise.allSettled([opened, duck.parse('select 1')]); // what cannot be had, the stream says when it asks
}

const COMPILED_AFTER_MS = 5_000;

/** Node writes what it compiled when it ends, which one that is killed does not. */
function keepCompiled(): void {
  setTimeout(flushCompileCache, COMPILED_AFTER_MS).unref();
}

/** A line from the server: the process that ran the streams is gone. */
function told(): Promise<'run'> {
  return new Promise((resolve) => process.stdin.once('data', () => resolve('run')));
}

/** The server that started it holds the other end of stdin. */
function parentGone(): Promise<void> {
  return new Promise((resolve) => {
    process.stdin.resume();
    process.stdin.once('end', resolve);
    process.stdin.once('close', resolve);
  });
}
