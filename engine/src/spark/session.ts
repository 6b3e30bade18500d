/**
 * A session of a Spark Connect server: SQL in, Arrow out.
 *
 * SP1  Commands run exactly once, when their SQL is sent; only rows are read lazily, as fast as they are taken.
 * SP2  Whoever stops reading, or aborts, stops the work on the server.
 * SP3  What the server says of the SQL is a `query-failed`; that it cannot be reached, a `source-unreadable`.
 */
import { randomUUID } from 'node:crypto';
import { tableFromIPC } from 'apache-arrow';
import type { RecordBatch } from 'apache-arrow';
import { readSparkAddress } from './address.ts';
import { sparkFault } from './spark-fault.ts';
import type { PlanAnswer, Wire } from './wire.ts';
import { openWire } from './wire.ts';

export interface SparkSession {
  /** Runs one statement and gives its rows; a command such as CREATE or SET gives none or few. */
  run(sql: string, signal?: AbortSignal): AsyncGenerator<RecordBatch, void>;
  /** Ends the session on the server too. */
  close(): Promise<void>;
}

const INTERRUPT_OPERATION = 3;

interface Talk {
  readonly wire: Wire;
  readonly shownAs: string;
  readonly who: { readonly session_id: string; readonly user_context: object; readonly client_type: string };
}

/** `address` is `sc://host:port/;…`. Nothing is sent before the first statement. */
export function openSpark(address: string): SparkSession {
  const place = readSparkAddress(address);
  const wire = openWire(place);
  const who = { session_id: randomUUID(), user_context: { user_id: place.user }, client_type: 'datacraft' };
  const talk: Talk = { wire, who, shownAs: `${place.host}:${place.port}` };
  return {
    run: (sql, signal) => runSql(talk, sql, signal),
    async close() {
      await wire.releaseSession(who).catch(() => undefined); // the server ends forgotten sessions by itself
      wire.close();
    },
  };
}

async function* runSql(talk: Talk, sql: string, signal?: AbortSignal): AsyncGenerator<RecordBatch, void> {
  let relation: Buffer | null = null;
  const command = { command: { sql_command: { input: { sql: { query: sql } } } } };
  for await (const answer of perform(talk, command, signal)) {
    if (answer.sql_command_result) relation = answer.sql_command_result.relation;
  }
  if (relation === null) return;
  for await (const answer of perform(talk, { root: relation }, signal)) {
    if (answer.arrow_batch) yield* tableFromIPC(answer.arrow_batch.data).batches;
  }
}

async function* perform(talk: Talk, plan: object, signal?: AbortSignal): AsyncGenerator<PlanAnswer, void> {
  signal?.throwIfAborted();
  const operation_id = randomUUID();
  const call = talk.wire.executePlan({ ...talk.who, operation_id, plan });
  let ended = false;
  const stop = () => call.cancel();
  signal?.addEventListener('abort', stop, { once: true });
  try {
    for await (const answer of call) yield answer as PlanAnswer;
    ended = true;
  } catch (error) {
    throw sparkFault(error, talk.shownAs, signal);
  } finally {
    signal?.removeEventListener('abort', stop);
    if (!ended) await interrupt(talk, operation_id, () => call.cancel());
  }
}

/** The server works on after a stream is cancelled, so it is told by a call of its own. */
async function interrupt(talk: Talk, operation_id: string, cancel: () => void): Promise<void> {
  cancel();
  const request = { ...talk.who, interrupt_type: INTERRUPT_OPERATION, operation_id };
  await talk.wire.interrupt(request).catch(() => undefined); // it ended by itself, or the server is away
}
