import type { DuckDBConnection } from '@duckdb/node-api';
import { Fault } from '@datacraft/shared';
import { describeStatement } from './child/describe.ts';
import { failureOf } from './child/failure.ts';
import { lock, openDatabase, type PrivateDatabase } from './child/lock.ts';
import { readPage } from './child/page.ts';
import { parseSql } from './child/parse.ts';
import { runStatements } from './child/statement.ts';
import { setVariable } from './child/variable.ts';
import type { SessionModel } from './session.ts';
import type { FromChild, Request, ToChild } from './wire.ts';

/**
 * The process that holds DuckDB. It has no secrets in its environment, does one thing at a time, and is killed
 * without being asked. It dies with its parent.
 */
const TICK_MS = 100;

/** Locked before it is put here. */
let session: PrivateDatabase | null = null;
/** For the next session, made while nobody waits. */
let spare: PrivateDatabase | null = null;
let interrupted = false;
let busy: Promise<void> = Promise.resolve();

process.on('message', (message: ToChild) => {
  if (message.kind === 'interrupt') interrupt();
  else busy = busy.then(() => answer(message.id, message.call));
});

// Leaving in order would wait for a running statement.
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));

function interrupt(): void {
  interrupted = true;
  session?.connection.interrupt();
}

async function answer(id: number, call: Request): Promise<void> {
  const ticking = setInterval(() => tick(id), TICK_MS);
  try {
    await send({ kind: 'answer', id, answer: await perform(id, call) });
  } catch (error) {
    const failure = failureOf(error, call.request && 'sql' in call.request ? call.request.sql : '');
    await send({ kind: 'failure', id, failure });
  } finally {
    clearInterval(ticking);
  }
}

async function perform(id: number, call: Request): Promise<unknown> {
  if (call.name === 'parse') return parseSql(call.request.sql);
  if (call.name === 'close') return closeSession();
  if (call.name === 'open') {
    interrupted = false;
    const database = spare ?? (await openDatabase(call.request));
    spare = null;
    await lock(database, call.request);
    session = database;
    await defineModels(session.connection, call.request.models);
    return null;
  }
  if (call.name === 'prepare') {
    spare ??= await openDatabase(call.request);
    return null;
  }
  return performInSession(id, call, openConnection());
}

async function defineModels(connection: DuckDBConnection, models: readonly SessionModel[]): Promise<void> {
  if (models.length === 0) return;
  // Most children never predict and start faster without.
  const { definePredict } = await import('./child/predict.ts');
  for (const model of models) await definePredict(connection, model);
}

async function performInSession(
  id: number,
  call: Exclude<Request, { name: 'parse' | 'prepare' | 'open' | 'close' }>,
  connection: DuckDBConnection,
): Promise<unknown> {
  switch (call.name) {
    case 'run':
      await runStatements(connection, call.request);
      return null;
    case 'rows':
      return readPage(connection, call.request, async (rows) => {
        refuseInterrupted();
        await send({ kind: 'rows', id, rows });
      });
    case 'arrow':
      // Loaded when first needed: most children never write Arrow and start faster without.
      return (await import('./child/arrow.ts')).writeArrow(connection, call.request, refuseInterrupted);
    case 'describe':
      return describeStatement(connection, call.request);
    case 'setVariable':
      await setVariable(connection, call.request);
      return null;
  }
}

function openConnection(): DuckDBConnection {
  refuseInterrupted();
  if (!session) throw new Fault('internal', 'no session is open in this process');
  return session.connection;
}

function refuseInterrupted(): void {
  if (interrupted) throw new Fault('cancelled', 'the statement was interrupted');
}

function closeSession(): { rssBytes: number } {
  session?.connection.closeSync();
  session?.instance.closeSync();
  session = null;
  return { rssBytes: process.memoryUsage.rss() };
}

function tick(id: number): void {
  const percentage = session?.connection.progress.percentage ?? -1;
  const progress = { percent: percentage < 0 ? null : percentage };
  void send({ kind: 'tick', id, progress, rssBytes: process.memoryUsage.rss() });
}

/** Resolves when the pipe took the message, so that rows do not pile up here. */
function send(message: FromChild): Promise<void> {
  return new Promise((resolve) => {
    process.send?.(message, undefined, {}, () => resolve());
  });
}
