/**
 * What was done and how long it took, as spans: a run, its tasks, what they asked of the engine, and the publish; a
 * stream's commit; a request.
 *
 * S1  All spans of a run are of one trace, whoever executes it: the trace and the run's span follow from the run's id,
 *     so that any line that names the run can name its trace.
 * S2  A span holds names, counts and codes, never the text of SQL, values or secrets.
 */
import { createHash } from 'node:crypto';
import { isFault } from '@datacraft/shared';
import type { DuckSession } from '../duckdb/session.ts';
import type { RunDeps } from './context.ts';

export type SpanAttributes = Readonly<Record<string, string | number | boolean>>;

export interface Span {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentId: string | null;
  readonly name: 'run' | 'task' | 'query' | 'publish' | 'commit' | `${string} ${string}`;
  /** A request that was answered; else what is done inside. */
  readonly kind?: 'server';
  readonly startMs: number;
  readonly endMs: number;
  /** What went wrong; null when nothing did. */
  readonly error: string | null;
  readonly attributes: SpanAttributes;
}

/** Takes spans; it never throws and never holds a run up. */
export interface SpanSink {
  send(span: Span): void;
  /** Resolves when everything that was sent is delivered or given up. */
  flush(): Promise<void>;
}

/** A span under way, to be the parent of others. */
export interface OpenSpan {
  readonly traceId: string;
  readonly spanId: string;
}

/** S1 */
export function runSpan(runId: string): OpenSpan {
  const digest = createHash('sha256').update(`trace ${runId}`).digest('hex');
  return { traceId: digest.slice(0, 32), spanId: digest.slice(32, 48) };
}

export interface SpanWords {
  readonly name: Span['name'];
  /** Null: the first span of a trace of its own. */
  readonly parent: OpenSpan | null;
  /** Tells this span from others of its parent, or of its name. */
  readonly id: string;
  readonly attributes: SpanAttributes;
}

/** Does `work` as a span; where nobody listens it is just done. `told` adds what is known when it ended. */
export async function spanned<Result>(
  { name, parent, id, attributes }: SpanWords,
  { spans, now }: Pick<RunDeps, 'spans' | 'now'>,
  work: (span: OpenSpan) => Promise<Result>,
  told: (result: Result) => SpanAttributes = () => ({}),
): Promise<Result> {
  const open = openedIn(parent, name, id);
  if (spans === undefined) return work(open);
  const startMs = now().getTime();
  const end = (error: string | null, more: SpanAttributes) =>
    spans.send({
      ...open,
      parentId: parent?.spanId ?? null,
      name,
      startMs,
      endMs: now().getTime(),
      error,
      attributes: { ...attributes, ...more },
    });
  try {
    const result = await work(open);
    end(null, told(result));
    return result;
  } catch (error) {
    end(isFault(error) ? error.code : 'internal', {});
    throw error;
  }
}

function openedIn(parent: OpenSpan | null, name: string, id: string): OpenSpan {
  const digest = createHash('sha256')
    .update(`${parent?.spanId ?? ''} ${name} ${id}`)
    .digest('hex');
  return { traceId: parent?.traceId ?? digest.slice(32), spanId: digest.slice(0, 16) };
}

/** A session whose statements are spans of their task. */
export function tracedSession(
  session: DuckSession,
  parent: OpenSpan,
  deps: Pick<RunDeps, 'spans' | 'now'>,
): DuckSession {
  if (deps.spans === undefined) return session;
  let asked = 0;
  const query = <Result>(operation: string, work: () => Promise<Result>, told?: (result: Result) => SpanAttributes) => {
    asked += 1;
    const attributes = { 'db.system.name': 'duckdb', 'db.operation.name': operation };
    return spanned({ name: 'query', parent, id: String(asked), attributes }, deps, work, told);
  };
  return {
    run: (sql, options) => query(operationOf(sql), () => session.run(sql, options)),
    rows: (sql, options) =>
      query(
        operationOf(sql),
        () => session.rows(sql, options),
        ({ rows }) => ({ 'db.response.returned_rows': rows.length }),
      ),
    arrow: (sql, options) =>
      query(
        operationOf(sql),
        () => session.arrow(sql, options),
        ({ rowCount }) => ({ 'db.response.returned_rows': rowCount }),
      ),
    describe: (sql, options) => query('DESCRIBE', () => session.describe(sql, options)),
    setVariable: (name, value, type) => session.setVariable(name, value, type),
    close: () => session.close(),
  };
}

/** The first word of a statement, when it is one of ours. */
function operationOf(sql: string): string {
  const word = /^\s*(select|with|from|copy|create|insert|set|describe)\b/i.exec(sql)?.[1] ?? 'select';
  return word.toUpperCase();
}
