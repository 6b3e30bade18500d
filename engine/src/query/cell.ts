/**
 * Reading one cell of a live notebook: for previews that the browser cannot compute, samples, charts and dashboard
 * tiles. Runs nothing that publishes.
 */
import { createHash } from 'node:crypto';
import type { Params, RelationRef, SourceSpec } from '@datacraft/shared';
import { Fault, isFault, isLayer, isModelKind, lookupColumns, relationName, say } from '@datacraft/shared';
import type { Compiled, Graph, SqlCell } from '../compile/graph.ts';
import { dagOf, isSelectCell } from '../compile/graph.ts';
import { namesOfGraph, splitTarget, withIntervals } from '../compile/names.ts';
import { readSelect } from '../compile/select.ts';
import type { CompiledSelect } from '../compile/select.ts';
import type { DuckSession } from '../duckdb/session.ts';
import { upstreamOf } from '../graph/dag.ts';
import type { ReadChain } from '../read/read-chain.ts';
import { readChain } from '../read/read-chain.ts';
import type { ResolveFiles } from '../run/context.ts';
import { withPrivateDir } from '../run/private-dir.ts';
import { openRelations } from '../run/warehouse.ts';
import type { PublishedRelation } from '../store/relations.ts';
import { sourceAdapter } from '../source/adapter.ts';
import type { IdentifiedSource, SourceContext } from '../source/source.ts';
import { defineChain, placed } from './place.ts';
import { withPrivateSession } from './private-session.ts';
import type { QueryDeps } from './query.ts';
import { refuseFindings } from './query.ts';

export interface CellRead {
  readonly compiled: Compiled;
  readonly cell: string;
  readonly params: Params;
  readonly today: string;
  /** What somebody is typing in place of the cell's text. */
  readonly text?: string;
  /** `text` is a part of the cell's: its rows are shown as they are, not what a table would make of them. */
  readonly isPart?: boolean;
  /** Of the notebook. Tables of other owners are not its cells' rows, whatever their names. */
  readonly ownerKey?: string;
  readonly signal?: AbortSignal;
  readonly timeoutMs?: number;
}

/** What reading a cell will read. Nothing is opened yet. */
export interface CellReading {
  readonly chain: ReadChain;
  /** Equal for as long as the rows would be the same. */
  readonly version: string;
  /** The snapshot whose rows these are; null when they are computed. */
  readonly snapshotId: string | null;
  /** Rows, when they are known without counting. */
  readonly rows: number | null;
  /** Oldest publication it reads, or null when it reads none. */
  readonly dataAt: Date | null;
}

export interface OpenCell extends Omit<CellReading, 'chain'> {
  readonly session: DuckSession;
  readonly select: string;
  readonly dir: string;
}

export type Opened = Awaited<ReturnType<typeof openRelations>>;

export async function readingOf(read: CellRead, deps: QueryDeps): Promise<CellReading> {
  const { graph } = read.compiled;
  const typed = read.text === undefined ? null : await compiledText(graph, read.cell, read.text, deps);
  return readingWith(read, typed, await openRelations(refsOf(graph, typed ?? read.cell), deps));
}

export function readingWith(read: CellRead, typed: CompiledSelect | null, relations: Opened): CellReading {
  const { graph } = read.compiled;
  const isReadable = ownedBy(graph, read.ownerKey, relations);
  const cell = graph.cells.get(read.cell);
  const isKept = isSelectCell(cell) && isModelKind(cell.materialize);
  const isWhole = typed !== null && isKept && read.isPart !== true;
  const chain = readChain(graph, isWhole ? read.cell : (typed ?? read.cell), {
    params: read.params,
    today: read.today,
    textOf: read.cell,
    published: (name) => (isReadable(name) ? (relations.get(name) ?? null) : null),
    ...(isWhole ? { override: new Map([[read.cell, typed]]) } : {}),
  });
  const reads = chain.reads.flatMap((name) => relations.get(name)?.relation ?? []);
  const [only] = typed === null && chain.views.length === 0 && reads.length === 1 ? reads : [];
  const versions = reads.map((relation) => [relationName(relation.ref), relation.fingerprint, relation.snapshotId]);
  const identity = [chain.select, chain.views.map((view) => view.sql), chain.variables, versions];
  return {
    chain,
    version: createHash('sha256').update(JSON.stringify(identity)).digest('hex').slice(0, 32),
    snapshotId: only?.snapshotId ?? null,
    rows: only?.kind === 'table' ? only.rows : null,
    dataAt: reads.length === 0 ? null : new Date(Math.min(...reads.map((relation) => relation.publishedAt.getTime()))),
  };
}

/** A name that this notebook defines but another one publishes holds that one's rows, not these cells'. */
function ownedBy(
  graph: Graph,
  ownerKey: string | undefined,
  relations: ReadonlyMap<string, { relation: PublishedRelation }>,
): (name: string) => boolean {
  const own = new Set(
    [...graph.cells.values()].flatMap((cell) => (cell.relation ? [relationName(cell.relation)] : [])),
  );
  return (name) => ownerKey === undefined || !own.has(name) || relations.get(name)?.relation.ownerKey === ownerKey;
}

export async function withCell<Result>(
  read: CellRead,
  deps: QueryDeps,
  use: (open: OpenCell) => Promise<Result>,
): Promise<Result> {
  const { chain, ...known } = await readingOf(read, deps);
  return inSession(chain, read.compiled.graph, read, deps, (session, dir) =>
    use({ ...known, session, dir, select: chain.select }),
  );
}

/** Opens a source as its form describes it now, unpublished: for the preview beside the form. */
export async function withSource<Result>(
  spec: SourceSpec,
  resolve: ResolveFiles,
  deps: QueryDeps,
  use: (open: { session: DuckSession; identified: IdentifiedSource; context: SourceContext }) => Promise<Result>,
  signal?: AbortSignal,
  relation?: RelationRef,
): Promise<Result> {
  const adapter = sourceAdapter(spec.type);
  if (!adapter) throw new Fault('unsupported', say('sources of type {type} cannot be read yet', { type: spec.type }));
  return withPrivateDir(deps.tempDir, async (dir) => {
    const context: SourceContext = {
      resolve,
      tempDir: dir,
      reading: 'sample',
      ...(relation ? { relation } : {}),
      ...(deps.remote ? { remote: deps.remote } : {}),
      ...(signal ? { signal } : {}),
    };
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
  const options = { readable: chain.files, models: chain.models, timeoutMs: read.timeoutMs, signal: read.signal };
  return withPrivateSession(options, deps, async (session, dir) => {
    try {
      await defineChain(session, chain, (cell) => textOf(graph, cell));
      return await use(session, dir);
    } catch (error) {
      if (isFault(error) && error.facts.cell !== undefined) throw error;
      const text = read.text ?? textOf(graph, read.cell);
      throw placed(error, { sql: chain.select, text, cell: read.cell, toOriginal: chain.toOriginal });
    }
  });
}

async function compiledText(graph: Graph, name: string, text: string, deps: QueryDeps): Promise<CompiledSelect> {
  const cell = graph.cells.get(name);
  const names = namesOfGraph(graph);
  const own = isSelectCell(cell) ? withIntervals(names, cell.spec) : names;
  const select = await readSelect(text, own, (sql) => deps.duck.parse(sql));
  refuseFindings(text, select);
  return isSelectCell(cell) ? withDimensions(select, cell, graph) : select;
}

/** A fact reads the dimensions it points at, which its text does not name. */
function withDimensions(select: CompiledSelect, { materialize, spec }: SqlCell, graph: Graph): CompiledSelect {
  if (materialize !== 'fact') return select;
  const targets = lookupColumns(spec.dimensions ?? {}).map(({ target }) => splitTarget(target));
  const isOwn = ({ name }: { name: string }) => graph.cells.has(name);
  const tables = targets.flatMap((target) =>
    isOwn(target) || !isLayer(target.schema) ? [] : [{ layer: target.schema, name: target.name }],
  );
  return {
    ...select,
    dependsOn: [...new Set([...select.dependsOn, ...targets.filter(isOwn).map(({ name }) => name)])],
    tables: [...select.tables, ...tables],
  };
}

/** The relations that reading may come to: those of the target and of all its upstream. */
export function refsOf(graph: Graph, target: string | CompiledSelect): RelationRef[] {
  const starts = typeof target === 'string' ? [target] : target.dependsOn;
  const names = new Set(starts.flatMap((name) => [name, ...upstreamOf(dagOf(graph), name)]));
  const cells = [...names].flatMap((name) => graph.cells.get(name) ?? []);
  const refs = [
    ...cells.flatMap((cell) => [...(cell.relation ? [cell.relation] : []), ...cell.tables, ...cell.sides]),
    ...(typeof target === 'string' ? [] : [...target.tables, ...target.sides]),
  ];
  return [...new Map(refs.map((ref) => [relationName(ref), ref])).values()];
}

export function textOf(graph: Graph, name: string): string {
  const cell = graph.cells.get(name);
  return isSelectCell(cell) ? (cell.sql ?? '') : '';
}
