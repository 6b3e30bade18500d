import type { Progress, RelationRef } from '@datacraft/shared';
import { relationName } from '@datacraft/shared';
import type { CompiledCell, Graph } from '../compile/graph.ts';
import { isSelectCell } from '../compile/graph.ts';
import { isStored } from '../compile/upstream.ts';
import type { DuckSession } from '../duckdb/session.ts';
import { loadTable } from '../iceberg/load-table.ts';
import type { LoadedTable } from '../iceberg/table.ts';
import type { Publication } from '../publish/publish.ts';
import { executeModel } from './execute-model.ts';
import { executeSource, identifiedOrThrow } from './execute-source.ts';
import { executeSql } from './execute-sql.ts';
import type { Known } from './gather.ts';
import { modelsAsked, sessionModels } from './session-models.ts';
import type { Readable, ResolveFiles, RunDeps, RunOptions } from './context.ts';
import type { AgainRead } from './stage-rejects.ts';
import { makePrivateDir, removePrivateDir } from './private-dir.ts';
import type { OpenSpan } from './trace.ts';
import { tracedSession } from './trace.ts';

/** Rows that a commit adds to a relation; null when it writes all of it anew. */
export interface AddedRows {
  readonly rows: Readable | null;
  readonly fingerprint: string;
}

/** What one task may use: its private directory, one locked session, and what the run has staged so far. */
export interface TaskContext {
  readonly runId: string;
  readonly graph: Graph;
  readonly known: Known;
  readonly options: RunOptions;
  /** An interval that had not ended by then is partial, however long the run takes. */
  readonly plannedAt: Date;
  readonly deps: RunDeps;
  readonly resolve: ResolveFiles;
  readonly dir: string;
  readonly signal: AbortSignal;
  readonly fingerprint: string;
  readonly upstream: Readonly<Record<string, string>>;
  /** Of which its queries are a part. */
  readonly span?: OpenSpan;
  /** Of a source: what was set aside is read again, and leaves where it lies. */
  readonly again?: AgainRead;
  /** A relation as this run sees it: staged by it, else published before, by whomever. */
  readable(ref: RelationRef): Promise<Readable | null>;
  /** Of a stream's commit: what it adds to a relation; null when it leaves it as it was. Absent of other runs. */
  added?(ref: RelationRef): AddedRows | null;
  /** A published table, as this task found it when it first asked. */
  table(ref: RelationRef): Promise<LoadedTable | null>;
  /** What this run trained. */
  trained(model: string): Uint8Array | null;
  /** Opens the task's session; closed with the task. */
  openSession(files: readonly string[]): Promise<DuckSession>;
  onProgress(progress: Progress): void;
}

export interface ExecuteInput extends Omit<TaskContext, 'dir' | 'openSession' | 'table'> {
  readonly cell: CompiledCell;
}

/**
 * Runs one cell in a private directory and a locked session, up to a staged result. Publishes nothing. `tidied` is told
 * what goes on after that: the session closes and its directory goes while the next task begins.
 */
export async function executeTask(input: ExecuteInput, tidied: (tidying: Promise<void>) => void): Promise<Publication> {
  const { limits, duck, tempDir } = input.deps;
  const table = tablesOnce(input.deps);
  const { relation } = input.cell;
  if (relation !== null && isStored(input.cell)) table(relation).catch(() => {}); // Loaded meanwhile; told to whoever asks.
  const dir = await makePrivateDir(tempDir);
  const sessions: DuckSession[] = [];
  const openSession = async (files: readonly string[]) => {
    const session = await duck.open({
      readable: files,
      writableDir: dir,
      models: await sessionModels(
        modelsAsked(input.graph, input.cell),
        { db: input.deps.db, pinned: input.known.models, trained: input.trained },
        dir,
      ),
      memoryLimitMb: limits.memoryLimitMb,
      threads: limits.threads,
      timeoutMs: limits.taskTimeoutMs,
      signal: input.signal,
    });
    sessions.push(session);
    return input.span === undefined ? session : tracedSession(session, input.span, input.deps);
  };
  try {
    return await executeCell(input.cell, { ...input, dir, openSession, table });
  } finally {
    tidied(Promise.all(sessions.map((session) => session.close())).then(() => removePrivateDir(dir)));
  }
}

function tablesOnce({ db, lake }: Pick<RunDeps, 'db' | 'lake'>): TaskContext['table'] {
  const found = new Map<string, Promise<LoadedTable | null>>();
  return (ref) => {
    const name = relationName(ref);
    const table = found.get(name) ?? loadTable(db, lake, ref);
    found.set(name, table);
    return table;
  };
}

async function executeCell(cell: CompiledCell, task: TaskContext): Promise<Publication> {
  if (cell.kind === 'source') return executeSource(cell, identifiedOrThrow(task.known.sources.get(cell.name)), task);
  if (isSelectCell(cell)) return executeSql(cell, task);
  if (cell.kind === 'model') return executeModel(cell, task);
  throw new Error(`cell ${cell.name} of kind ${cell.kind} defines no relation and has no task`);
}
