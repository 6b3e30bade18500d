import type { Column, ModelLookup, ModelReport, ModelSpec, RelationRef } from '@datacraft/shared';
import { asSaid, Fault, say, writeConfigText } from '@datacraft/shared';
import type { ModelCell } from '../compile/graph.ts';
import type { DuckSession } from '../duckdb/session.ts';
import type { Job, JobAnswer } from '../model/job.ts';
import { unknownColumn } from '../model/lesson.ts';
import type { RoleProblem } from '../model/role.ts';
import { trainInThread } from '../model/trainer.ts';
import type { TaskContext } from './execute.ts';

/** A model cell on its way: what it reads lies in the session as one table. */
export interface ModelWork {
  readonly cell: ModelCell;
  readonly relation: RelationRef;
  readonly task: TaskContext;
  readonly session: DuckSession;
  readonly columns: readonly Column[];
  readonly lookups: readonly ModelLookup[];
}

/** What training came to: its answer, and the SELECT of the rows that the cell publishes. */
export interface Learned {
  readonly answer: JobAnswer;
  readonly select: string;
  readonly notes: ModelReport['notes'];
}

/** Trains in a thread of its own. */
export async function trained(job: Job, { cell, task }: ModelWork): Promise<JobAnswer> {
  const { taskTimeoutMs: timeoutMs, memoryLimitMb } = task.deps.limits;
  const onProgress = (share: number) => task.onProgress({ rows: null, total: null, percent: Math.round(share * 100) });
  try {
    return await trainInThread(job, { signal: task.signal, timeoutMs, memoryLimitMb, onProgress });
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    throw new Fault(error.code, error.words, { ...error.facts, cell: cell.name }, { cause: error });
  }
}

export function columnOf({ cell, columns }: ModelWork, key: keyof ModelSpec, word: string): Column {
  const found = columns.find(({ name }) => name === word);
  if (found !== undefined) return found;
  throw misnamed(cell, unknownColumn(cell.spec, columns, key, word));
}

export function wrongType(cell: ModelCell, key: keyof ModelSpec, { name, type }: Column, because: string): Fault {
  return misnamed(cell, {
    key,
    word: name,
    message: say('`{name}` is {type}: {because}; cast it first', { name, type, because: asSaid(because) }),
  });
}

/** At the line of the cell's text that names the column. */
export function misnamed(cell: ModelCell, { key, word, message }: RoleProblem): Fault {
  const lines = writeConfigText('model', { ...cell.spec }).split('\n');
  const start = lines.findIndex((line) => line.startsWith(`${key}:`));
  const within = lines.findIndex((line, at) => at >= start && line.includes(word));
  const line = Math.max(start, within) + 1;
  return new Fault('query-failed', message, { cell: cell.name, ...(start < 0 ? {} : { line, column: 1 }) });
}
