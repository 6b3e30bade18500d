/** The child process of the pool: one locked session at a time, one request after another. Started by fork only. */
import type { ChildSession } from './child-session.ts';
import {
  describe,
  openLocked,
  parseSql,
  readRows,
  runStatements,
  setVariable,
  writeArrowFile,
} from './child-session.ts';
import { engineFault } from './engine-fault.ts';
import type { Answer, FromChild, Request, ToChild } from './protocol.ts';

const PROGRESS_EVERY_MS = 250;
const MEMORY_EVERY_MS = 200;

let session: ChildSession | null = null;

function tell(message: FromChild): void {
  process.send?.(message);
}

async function answer(request: Request): Promise<Answer> {
  if (request.op === 'open') {
    session?.close();
    session = await openLocked(request);
    return null;
  }
  if (request.op === 'close') {
    session?.close();
    session = null;
    return null;
  }
  if (!session) throw new Error('no session is open');
  const { connection } = session;
  switch (request.op) {
    case 'run':
      await runStatements(connection, request.sql, request.params);
      return null;
    case 'rows':
      return readRows(connection, request);
    case 'arrow':
      return writeArrowFile(connection, request);
    case 'describe':
      return describe(connection, request.sql, request.params);
    case 'set-variable':
      await setVariable(connection, request);
      return null;
    case 'parse':
      return parseSql(connection, request.sql);
  }
}

async function handle(id: number, request: Request): Promise<void> {
  const watching = setInterval(() => tellProgress(id), PROGRESS_EVERY_MS);
  try {
    tell({ kind: 'answer', id, answer: await answer(request) });
  } catch (error) {
    tell({ kind: 'fault', id, ...engineFault(error, 'sql' in request ? request.sql : '') });
  } finally {
    clearInterval(watching);
  }
}

function tellProgress(id: number): void {
  const progress = session?.connection.progress;
  if (!progress || progress.percentage < 0) return;
  const total = Number(progress.total_rows_to_process);
  tell({
    kind: 'progress',
    id,
    percent: progress.percentage,
    rows: Number(progress.rows_processed),
    total: total > 0 ? total : null,
  });
}

process.on('message', (message: ToChild) => {
  if (message.kind === 'interrupt') session?.connection.interrupt();
  else void handle(message.id, message.request);
});
process.on('disconnect', () => process.exit(0));
// A terminal's Ctrl-C goes to the whole group; our parent decides when we end.
process.on('SIGINT', () => undefined);
setInterval(() => tell({ kind: 'memory', rssBytes: process.memoryUsage.rss() }), MEMORY_EVERY_MS).unref();
tell({ kind: 'ready' });
