import type { RelationRef, Watermark } from '@datacraft/shared';
import { Fault, relationName, say } from '@datacraft/shared';
import type { Graph, SqlCell } from '../../compile/graph.ts';
import { isSelectCell } from '../../compile/graph.ts';
import { canonicalJson } from '../../compile/meaning.ts';
import { watermarkOfSource } from '../../compile/streaming/live-source.ts';
import type { StreamShape } from '../../compile/streaming/shape.ts';
import type { StreamMemory } from '../../store/stream-memory.ts';
import type { Readable } from '../context.ts';
import type { TaskContext } from '../execute.ts';

export type StreamingCell = SqlCell & { readonly relation: RelationRef; readonly streaming: StreamShape };

/** One of the streams that a cell is made of. */
export interface FedStream {
  readonly name: string;
  readonly ref: RelationRef;
  /** Rows that were not taken yet; null when none came. */
  readonly incoming: Readable | null;
  /** Of the rows with those that came. */
  readonly fingerprint: string;
  /** Null of rows that are made each by itself. */
  readonly time: { readonly column: string; readonly watermark: Watermark } | null;
}

/** What a cell is made of now. Without a memory it is made anew of all rows. */
export interface Feeding {
  readonly streams: readonly FedStream[];
  readonly memory: StreamMemory | null;
  readonly state: Readable | null;
}

export async function feedingOf(cell: StreamingCell, task: TaskContext): Promise<Feeding> {
  const { streaming: shape } = cell;
  const isTimed = shape.kind !== 'rows';
  const memory = memoryOf(cell, task);
  const state = memory && isTimed ? await task.readable(stateRef(cell)) : null;
  const goesOn = memory !== null && (!isTimed || state !== null) ? memory : null;
  const streams: FedStream[] = [];
  for (const name of namesOf(shape)) streams.push(await fedStream(cell, name, goesOn !== null, task));
  return { streams, memory: goesOn, state: goesOn && state };
}

export function stateRef({ relation }: StreamingCell): RelationRef {
  return { layer: relation.layer, name: `${relation.name}_state` };
}

export function lateRef({ relation }: StreamingCell): RelationRef {
  return { layer: relation.layer, name: `${relation.name}_late` };
}

function namesOf(shape: StreamShape): string[] {
  return shape.kind === 'rows' ? [...shape.streams] : shape.streams.map(({ name }) => name);
}

/** What is remembered, while it is of this very text and no row was missed since. */
function memoryOf(cell: StreamingCell, task: TaskContext): StreamMemory | null {
  const definition = task.known.published.get(relationName(cell.relation))?.definition;
  const memory = definition?.stream;
  if (!memory || !task.added || task.options.fullRefresh || definition.meaning !== cell.meaning) return null;
  if (memory.shape !== canonicalJson(cell.streaming)) return null;
  const isWhole = namesOf(cell.streaming).every((name) => {
    const ref = relationOf(task.graph, name);
    const isAdded = task.added?.(ref)?.rows !== null;
    return isAdded && memory.read[name] === task.known.published.get(relationName(ref))?.fingerprint;
  });
  return isWhole ? memory : null;
}

async function fedStream(cell: StreamingCell, name: string, goesOn: boolean, task: TaskContext): Promise<FedStream> {
  const ref = relationOf(task.graph, name);
  const added = task.added?.(ref) ?? null;
  const published = task.known.published.get(relationName(ref))?.fingerprint;
  const incoming = goesOn ? (added?.rows ?? null) : await task.readable(ref);
  if (!goesOn && incoming === null)
    throw new Fault(
      'conflict',
      say('{name} has read nothing yet: start its stream or run it, then {cell} is made', { name, cell: cell.name }),
    );
  const fingerprint = added?.fingerprint ?? (task.added ? published : task.upstream[name]) ?? '';
  return { name, ref, incoming, fingerprint, time: timeOf(cell, name, task.graph) };
}

function timeOf({ streaming: shape }: StreamingCell, name: string, graph: Graph): FedStream['time'] {
  if (shape.kind === 'rows') return null;
  const column = shape.streams.find((each) => each.name === name)?.column;
  const watermark = watermarkOf(graph, name);
  return column === undefined || watermark === null ? null : { column, watermark };
}

/** Of the source that a stream comes from, through the cells between. */
function watermarkOf(graph: Graph, name: string): Watermark | null {
  const cell = graph.cells.get(name);
  if (cell?.kind === 'source') return watermarkOfSource(cell.spec);
  const shape = isSelectCell(cell) ? cell.streaming : undefined;
  const above = shape && namesOf(shape)[0];
  return above === undefined ? null : watermarkOf(graph, above);
}

function relationOf(graph: Graph, name: string): RelationRef {
  const ref = graph.cells.get(name)?.relation;
  if (!ref) throw new Error(`the stream ${name} has no relation`);
  return ref;
}
