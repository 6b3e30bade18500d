import { pino } from 'pino';
import { notebookReads } from '../auth/table-access.ts';
import { loadConfig } from '../config.ts';
import { startWorker } from '../worker/worker.ts';
import { fileOwners } from '../branch/store.ts';
import { notebookResolver } from '../worker/notebook-files.ts';
import { readArguments } from './arguments.ts';
import type { Output } from './output.ts';
import { exitCodes } from './output.ts';
import { firstSignal } from './start.ts';
import { openWorkspace } from './workspace.ts';

/** `datacraft worker`: executes runs of the same database and lake until SIGTERM. */
export async function worker(args: readonly string[], output: Output): Promise<number> {
  const read = readArguments(args, { 'data-dir': { type: 'string' } });
  const config = loadConfig(process.env, { dataDir: read.text('data-dir') });
  const stopped = firstSignal();
  const workspace = await openWorkspace(config);
  try {
    const started = await startWorker({
      pool: workspace.pool,
      engine: {
        deps: workspace.deps,
        resolveFor: notebookResolver(config, fileOwners(workspace.pool)),
        mayReadFor: notebookReads(workspace.pool),
      },
      log: pino({ level: config.logLevel }, pino.destination(2)),
    });
    output.err('datacraft worker is ready');
    await stopped;
    await started.stop();
    return exitCodes.done;
  } finally {
    await workspace.close();
  }
}
