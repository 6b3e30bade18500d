import type { RelationRef } from '@datacraft/shared';
import { Fault, isFault, relationName, say } from '@datacraft/shared';
import type { CompiledCell, Graph, SourceCell } from '../compile/graph.ts';
import { isSelectCell } from '../compile/graph.ts';
import { sourceAdapter } from '../source/adapter.ts';
import type {
  IdentifiedSource,
  LastRead,
  LiveReading,
  Reading,
  ReadSoFar,
  RemoteAccess,
  StoredLetter,
} from '../source/source.ts';
import type { PinnedModel } from '../store/pinned-models.ts';
import { loadPinnedModels } from '../store/pinned-models.ts';
import type { MayRead, PublishedRelation } from '../store/relations.ts';
import { loadRelations } from '../store/relations.ts';
import { loadRecorded } from '../store/intervals.ts';
import type { ResolveFiles } from './context.ts';
import type { SourceDraft } from './draft.ts';
import { ruleOf } from './interval-cells.ts';
import { tellingSeldom } from './telling.ts';
import { placeOf } from './place-of.ts';
import type { Queryable } from '../store/database.ts';

/** What is known of the world before planning: what sources hold now and what is published. */
export interface Known {
  /** By source cell. A source that could not be identified keeps its fault: only its own task fails. */
  readonly sources: ReadonlyMap<string, IdentifiedSource | Fault>;
  /** By `layer.name`: relations of this notebook and those it reads from others. */
  readonly published: ReadonlyMap<string, PublishedRelation>;
  /** Beginnings, in epoch ms, of the intervals that tables of cells with a record of them have complete, by `layer.name`. */
  readonly covered: ReadonlyMap<string, ReadonlySet<number>>;
  /** The versions of models that answer in this run, whatever is promoted meanwhile. */
  readonly models: ReadonlyMap<string, PinnedModel>;
  /** By source cell: tables that were made while their sources were read. */
  readonly drafts?: ReadonlyMap<string, SourceDraft>;
}

export interface GatherDeps {
  readonly db: Queryable;
  readonly tempDir: string;
  readonly mayRead: MayRead;
  readonly signal?: AbortSignal;
  readonly remote?: RemoteAccess;
  /** Default `run`. */
  readonly reading?: Reading;
  /** Sources are read anew from their beginning. */
  readonly fullRefresh?: boolean;
  /** Of a stream: what it goes on reading with, commit after commit. */
  readonly live?: LiveReading;
  /** Of a stream: what was set aside is read again, in place of what is new. */
  readonly letters?: readonly StoredLetter[];
  /** Reads a source, again while that fails for reasons that pass; default once. */
  trying?(cell: SourceCell, read: (signal: AbortSignal) => Promise<IdentifiedSource>): Promise<IdentifiedSource>;
  /** Hears how far the reading of each source is, not more often than people want to know. */
  tellRead?(cell: string, read: ReadSoFar): void;
  /** Makes the tables of sources that come in parts while they are read. */
  draft?(cell: SourceCell, last: LastRead | null): Promise<SourceDraft | null>;
}

/** Identifies the sources in `cells` (all when null) and loads every relation that the graph names. */
export async function gather(
  graph: Graph,
  resolve: ResolveFiles,
  deps: GatherDeps,
  cells: ReadonlySet<string> | null = null,
): Promise<Known> {
  const published = await publishedFor(graph, deps);
  const ledger = await loadRecorded(deps.db, recording(graph));
  const covered = new Map([...ledger].map(([name, { complete }]) => [name, complete]));
  const asked = new Set([...graph.cells.values()].flatMap((cell) => cell.models));
  const models = await loadPinnedModels(deps.db, [...asked], deps.mayRead);
  const sources = new Map<string, IdentifiedSource | Fault>();
  const drafts = new Map<string, SourceDraft>();
  const known = { sources, published, covered, models, drafts };
  try {
    for (const cell of graph.cells.values()) {
      if (cell.kind !== 'source' || !cell.valid || (cells !== null && !cells.has(cell.name))) continue;
      const last = lastRead(cell, published, { ...deps, ...goingOn(deps) });
      sources.set(cell.name, await identify(cell, resolve, last, deps, drafts));
    }
    return known;
  } catch (error) {
    await releaseSources(known);
    throw error;
  }
}

/** A name of this notebook's that is another one's stays known, so that the cell can say that it is taken. */
async function publishedFor(graph: Graph, { db, mayRead }: GatherDeps): Promise<Map<string, PublishedRelation>> {
  const cells = [...graph.cells.values()];
  const own = new Set(cells.flatMap((cell) => (cell.relation ? [relationName(cell.relation)] : [])));
  const refs = cells.flatMap((cell) => [...(cell.relation ? [cell.relation] : []), ...cell.tables]);
  const found = [...(await loadRelations(db, distinct(refs)))];
  return new Map(found.filter(([name, relation]) => own.has(name) || mayRead(relation)));
}

function recording(graph: Graph): RelationRef[] {
  return [...graph.cells.values()].flatMap((cell) =>
    isSelectCell(cell) && cell.relation !== null && ruleOf(cell) !== null ? [cell.relation] : [],
  );
}

/** What is remembered with the published rows, while they are those of the cell as it is described now. */
export function lastRead(
  cell: CompiledCell,
  published: ReadonlyMap<string, PublishedRelation>,
  options: { readonly fullRefresh?: boolean; readonly goesOn?: object },
): LastRead | null {
  const found = cell.relation === null ? undefined : published.get(relationName(cell.relation));
  const source = found?.definition?.source;
  if (found === undefined || source === undefined || options.fullRefresh === true) return null;
  const isSame =
    found.definition?.meaning === cell.meaning ||
    (options.goesOn !== undefined && cell.kind === 'source' && source.place === placeOf(cell.spec));
  return isSame ? { ...source, columns: found.columns } : null;
}

/** Removes what was fetched only for this run. */
export async function releaseSources({ sources, drafts = new Map() }: Known): Promise<void> {
  await Promise.all([...drafts.values()].map((draft) => draft.close()));
  await Promise.all([...sources.values()].map((source) => (isFault(source) ? undefined : source.release?.())));
}

/** A stream stays where it was. */
function goingOn({ live, letters }: GatherDeps): { goesOn?: object } {
  const stream = live ?? letters;
  return stream === undefined ? {} : { goesOn: stream };
}

async function identify(
  cell: SourceCell,
  resolve: ResolveFiles,
  last: LastRead | null,
  deps: GatherDeps,
  drafts: Map<string, SourceDraft>,
): Promise<IdentifiedSource | Fault> {
  const adapter = sourceAdapter(cell.spec.type);
  if (!adapter)
    return new Fault('unsupported', say('sources of type {type} cannot be read yet', { type: cell.spec.type }), {
      cell: cell.name,
    });
  const telling = tellingSeldom((read: ReadSoFar) => deps.tellRead?.(cell.name, read));
  const throwAway = async () => {
    await drafts.get(cell.name)?.close();
    drafts.delete(cell.name);
  };
  const read = async (signal = deps.signal) => {
    await throwAway();
    const draft = adapter.comesInParts === true ? await deps.draft?.(cell, last) : null;
    if (draft) drafts.set(cell.name, draft);
    return adapter.identify(cell.spec, {
      ...(draft ? { drafting: draft } : {}),
      resolve,
      tempDir: deps.tempDir,
      last,
      reading: deps.reading ?? 'run',
      ...(cell.relation ? { relation: cell.relation } : {}),
      ...(deps.remote ? { remote: deps.remote } : {}),
      ...(signal ? { signal } : {}),
      ...(deps.live ? { live: deps.live } : {}),
      ...(deps.letters ? { letters: deps.letters } : {}),
      ...(deps.tellRead ? { tellRead: telling.tell } : {}),
    });
  };
  try {
    const identified = await (deps.trying ? deps.trying(cell, read) : read());
    telling.end();
    drafts.get(cell.name)?.end();
    return identified;
  } catch (error) {
    await throwAway();
    if (isFault(error) && error.code !== 'cancelled') return error;
    throw error;
  }
}

function distinct(refs: readonly RelationRef[]): RelationRef[] {
  return [...new Map(refs.map((ref) => [relationName(ref), ref])).values()];
}
