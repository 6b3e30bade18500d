/**
 * Reading one cell of a live notebook: for previews that the browser cannot compute, samples, charts and dashboard
 * tiles. Runs nothing that publishes.
 */
import type { Params, RelationRef, SourceSpec } from '@datacraft/shared';
import { Fault, isFault, relationName } from '@datacraft/shared';
import type { Compiled, Graph, SqlCell } from '../compile/graph.ts';
import { namesOfGraph } from '../compile/names.ts';
import { readSelect } from '../compile/select.ts';
import type { CompiledSelect } from '../compile/select.ts';
import type { DuckSession } from '../duckdb/session.ts';
import type { ReadChain } from '../read/read-chain.ts';
import { readChain } from '../read/read-chain.ts';
import type { ResolveFiles } from '../run/context.ts';
import { withPrivateDir } from '../run/private-dir.ts';
import { openRelations } from '../run/warehouse.ts';
import { sourceAdapter } from '../source/adapter.ts';
import type { IdentifiedSource, SourceContext } from '../source/source.ts';
import { defineChain, placed } from './place.ts';
import type { QueryDeps } from './query.ts';
import { refuseFindings } from './query.ts';

export interface CellRead {
  readonly compiled: Compiled;
  readonly cell: string;
  readonly params: Params;
  readonly today: string;
  /** What somebody is typing in place of the cell's text. */
  readonly text?: string;
  readonly signal?: AbortSignal;
  readonly timeoutMs?: number;
}

export interface OpenCell {
  readonly session: DuckSession;
  readonly select: string;
  readonly dir: string;
  /** Oldest publication it reads, or null when it reads none. */
  readonly dataAt: Date | null;
}

export async function withCell<Result>(
  read: CellRead,
  deps: QueryDeps,
  use: (open: OpenCell) => Promise<Result>,
): Promise<Result> {
  const { graph } = read.compiled;
  const typed = read.text === undefined ? null : await compiledText(graph, read.text, deps);
  const relations = await openRelations(refsOf(graph, typed), deps);
  const chain = readChain(graph, typed ?? read.cell, {
    params: read.params,
    today: read.today,
    published: (name) => relations.get(name) ?? null,
  });
  const ages = chain.reads.flatMap((name) => relations.get(name)?.relation.publishedAt ?? []);
  return inSession(chain, graph, read, deps, (session, dir) =>
    use({
      session,
      dir,
      select: chain.select,
      dataAt: ages.length === 0 ? null : new Date(Math.min(...ages.map(Number))),
    }),
  );
}

/** Opens a source as its form describes it now, unpublished: for the preview beside the form. */
export async function withSource<Result>(
  spec: SourceSpec,
  resolve: ResolveFiles,
  deps: QueryDeps,
  use: (open: { session: DuckSession; identified: IdentifiedSource; context: SourceContext }) => Promise<Result>,
  signal?: AbortSignal,
): Promise<Result> {
  const adapter = sourceAdapter(spec.type);
  if (!adapter) throw new Fault('unsupported', `sources of type ${spec.type} cannot be read yet`);
  return withPrivateDir(deps.tempDir, async (dir) => {
    const context: SourceContext = { resolve, tempDir: dir, ...(signal ? { signal } : {}) };
    const identified = await adapter.identify(spec, context);
    const session = await deps.duck.open({
      readable: identified.files.map((file) => file.path),
      writableDir: dir,
      memoryLimitMb: deps.limits.memoryLimitMb,
      threads: deps.limits.threads,
      timeoutMs: deps.limits.taskTimeoutMs,
      ...(signal ? { signal } : {}),
    });
    try {
      return await use({ session, identified, context });
    } finally {
      await session.close();
    }
  });
}

async function inSession<Result>(
  chain: ReadChain,
  graph: Graph,
  read: CellRead,
  deps: QueryDeps,
  use: (session: DuckSession, dir: string) => Promise<Result>,
): Promise<Result> {
  return withPrivateDir(deps.tempDir, async (dir) => {
    const session = await deps.duck.open({
      readable: chain.files,
      writableDir: dir,
      memoryLimitMb: deps.limits.memoryLimitMb,
      threads: deps.limits.threads,
      timeoutMs: read.timeoutMs ?? deps.limits.taskTimeoutMs,
      ...(read.signal ? { signal: read.signal } : {}),
    });
    try {
      await defineChain(session, chain, (cell) => textOf(graph, cell));
      return await use(session, dir);
    } catch (error) {
      if (isFault(error) && error.facts.cell !== undefined) throw error;
      const text = read.text ?? textOf(graph, read.cell);
      throw placed(error, { sql: chain.select, text, cell: read.cell, toOriginal: chain.toOriginal });
    } finally {
      await session.close();
    }
  });
}

async function compiledText(graph: Graph, text: string, deps: QueryDeps): Promise<CompiledSelect> {
  const select = await readSelect(text, namesOfGraph(graph), (sql) => deps.duck.parse(sql));
  refuseFindings(text, select);
  return select;
}

function refsOf(graph: Graph, typed: CompiledSelect | null): RelationRef[] {
  const cells = [...graph.cells.values()];
  const refs = [
    ...cells.flatMap((cell) => [...(cell.relation ? [cell.relation] : []), ...cell.tables, ...cell.sides]),
    ...(typed ? [...typed.tables, ...typed.sides] : []),
  ];
  return [...new Map(refs.map((ref) => [relationName(ref), ref])).values()];
}

function textOf(graph: Graph, name: string): string {
  const cell = graph.cells.get(name);
  return (cell as SqlCell | undefined)?.sql ?? '';
}
