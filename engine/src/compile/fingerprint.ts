import { createHash } from 'node:crypto';
import type { Params, ParamValue, RelationRef } from '@datacraft/shared';
import { relationName } from '@datacraft/shared';
import { upstreamOf } from '../graph/dag.ts';
import type { CompiledCell, Graph } from './graph.ts';
import { dagOf } from './graph.ts';
import { canonicalJson } from './meaning.ts';
import { inputValues, variablesOf } from './parameter.ts';

/** Raised by hand when the same text and data would give other rows than before. */
export const engineVersion = 'datacraft-1/duckdb-1.5';

/** What a model that was never trained will be after the run. */
const FIRST_VERSION = 1;

/** What decides rows beside the text. */
export interface Known {
  /** Hash of all that decides a source's rows beside its spec: file contents, seed. */
  sourceIdentity(cell: string): string;
  /** Current snapshot of a table of another notebook; null when it was never published. */
  tableSnapshot(ref: RelationRef): string | null;
  /** Which version of a model answers; null when there is none yet. */
  modelVersion?(name: string): number | null;
  readonly params: Params;
  /** ISO date that `today` in an input's default means. */
  readonly today?: string;
  /** Up to when cells that record intervals owe rows, by name. */
  readonly horizons?: ReadonlyMap<string, string>;
}

/** The version of a cell's rows: equal exactly when text, upstream, tables, files and parameters are equal. */
export function fingerprintOf(graph: Graph, name: string, known: Known): string {
  const needed = upstreamOf(dagOf(graph), name).add(name);
  return fingerprints(graph, known, needed).get(name) ?? '';
}

/** All cells at once, by name. */
export function fingerprintsOf(graph: Graph, known: Known): Map<string, string> {
  return fingerprints(graph, known, new Set(graph.order));
}

function fingerprints(graph: Graph, known: Known, needed: ReadonlySet<string>): Map<string, string> {
  const values = inputValues(graph, known.params, known.today);
  const found = new Map<string, string>();
  for (const name of graph.order) {
    const cell = graph.cells.get(name);
    if (cell !== undefined && needed.has(name)) found.set(name, fingerprintOfCell(graph, cell, known, values, found));
  }
  return found;
}

/** One step: the fingerprint of a cell over those of its upstream. Upstream that is missing is on a cycle. */
export function fingerprintOfCell(
  graph: Graph,
  cell: CompiledCell,
  known: Known,
  values: ReadonlyMap<string, ParamValue>,
  upstream: ReadonlyMap<string, string>,
): string {
  const horizon = known.horizons?.get(cell.name);
  const parts = [
    engineVersion,
    cell.meaning,
    [...cell.dependsOn].sort().map((name) => [name, upstream.get(name) ?? 'cycle']),
    cell.tables.map((ref) => [relationName(ref), known.tableSnapshot(ref)]).sort(byName),
    variablesOf(graph, [...cell.inputs].sort(), values),
    cell.kind === 'source' && cell.spec.type !== 'table' ? known.sourceIdentity(cell.name) : null,
    ...(horizon === undefined ? [] : [horizon]),
    ...(cell.models.length === 0
      ? []
      : [cell.models.map((name) => [name, known.modelVersion?.(name) ?? FIRST_VERSION])]),
  ];
  return createHash('sha256').update(canonicalJson(parts)).digest('hex');
}

function byName(a: readonly unknown[], b: readonly unknown[]): number {
  return String(a[0]) < String(b[0]) ? -1 : 1;
}
