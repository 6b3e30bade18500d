/**
 * Ad-hoc queries: one SELECT over published tables, `layer.name`, in a locked session of its own.
 */
import type { Params } from '@datacraft/shared';
import { Fault, offsetToLineColumn, relationName } from '@datacraft/shared';
import type { CompiledSelect } from '../compile/select.ts';
import { readSelect } from '../compile/select.ts';
import type { Names } from '../compile/names.ts';
import type { DuckSession } from '../duckdb/session.ts';
import { readChain } from '../read/read-chain.ts';
import type { RunDeps } from '../run/context.ts';
import type { MayRead } from '../store/relations.ts';
import { withPrivateSession } from './private-session.ts';
import type { AsOf } from '../run/warehouse.ts';
import { openRelations } from '../run/warehouse.ts';
import { defineChain, placed } from './place.ts';

export interface QueryRequest {
  readonly sql: string;
  readonly params?: Params;
  readonly asOf?: AsOf;
  readonly signal?: AbortSignal;
  readonly timeoutMs?: number;
}

export interface OpenQuery {
  readonly session: DuckSession;
  /** The SELECT to run in `session`. */
  readonly select: string;
  /** Private, for files that the caller lets the session write. */
  readonly dir: string;
  /** `layer.name` of what it reads. */
  readonly reads: readonly string[];
}

export interface QueryDeps extends Pick<RunDeps, 'db' | 'duck' | 'lake' | 'tempDir' | 'limits' | 'remote'> {
  readonly mayRead: MayRead;
}

/** Opens a query and lends it to `use`. Findings in the text are Faults with line and column. */
export async function withQuery<Result>(
  request: QueryRequest,
  deps: QueryDeps,
  use: (query: OpenQuery) => Promise<Result>,
): Promise<Result> {
  const select = await readSelect(request.sql, namesFor(request.params ?? {}), (sql) => deps.duck.parse(sql));
  refuseFindings(request.sql, select);
  const relations = await openRelations(select.tables, deps, request.asOf);
  const chain = readChain(
    { cells: new Map(), order: [] },
    { ...select, inputs: [] },
    { published: (name) => relations.get(name) ?? null },
  );
  const options = { readable: chain.files, models: chain.models, timeoutMs: request.timeoutMs, signal: request.signal };
  return withPrivateSession(options, deps, async (session, dir) => {
    try {
      for (const [name, value] of Object.entries(request.params ?? {})) await session.setVariable(name, value);
      await defineChain(session, chain, () => request.sql);
      return await use({ session, select: chain.select, dir, reads: select.tables.map(relationName) });
    } catch (error) {
      throw placed(error, { sql: chain.select, text: request.sql, cell: null, toOriginal: chain.toOriginal });
    }
  });
}

/** In an ad-hoc query every given parameter is an input of its own name. */
export function namesFor(params: Params): Names {
  return {
    readable: new Set(),
    relations: new Map(),
    parameters: new Map(Object.keys(params).map((name) => [name, name])),
    kinds: new Map(Object.keys(params).map((name) => [name, 'input' as const])),
  };
}

export function refuseFindings(sql: string, select: CompiledSelect): void {
  const error = select.findings.find((finding) => finding.severity === 'error' || finding.code === 'empty-cell');
  if (!error) return;
  const place = error.offset === null ? {} : offsetToLineColumn(sql, error.offset);
  throw new Fault(error.code.endsWith('refused') ? 'query-refused' : 'query-failed', error.message, {
    ...place,
    finding: error.code,
  });
}
