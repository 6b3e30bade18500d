/**
 * Plan decides, before anything happens, which cells of a graph a run will make anew.
 *
 * P1  A cell whose published fingerprint equals its present one is left alone.
 * P2  Stages come upstream first; every relation a stage reads is published, or made by an earlier stage.
 * P3  A stage that reads the published rows of an unselected cell has a fingerprint over those rows, not over what the
 *     cell would be now: a later whole run finds it stale.
 * P4  Same graph, state and request: same plan. It reads no clock and no table.
 *
 * Ephemeral cells are no stages: their readers inline them.
 */
import type { Params, PlannedMerge, RelationRef } from '@datacraft/shared';
import { Fault, relationName, say } from '@datacraft/shared';
import type { Known } from '../compile/fingerprint.ts';
import { fingerprintOfCell, fingerprintsOf } from '../compile/fingerprint.ts';
import type { CompiledCell, Graph } from '../compile/graph.ts';
import { isSelectCell } from '../compile/graph.ts';
import { inputValues } from '../compile/parameter.ts';
import { readSelection } from './selection.ts';
import { inlinedUpstream, isStored, storedUpstream } from '../compile/upstream.ts';

export interface PlanState {
  /** Of published relations, by `layer.name`. */
  readonly fingerprints: ReadonlyMap<string, string>;
  /** Of source cells, by name. A source that could not be identified is missing. */
  readonly sourceIdentities: ReadonlyMap<string, string>;
  /** Current snapshot ids of published tables, by `layer.name`. */
  readonly tableSnapshots: ReadonlyMap<string, string>;
  /** Which version of a model answers, by its name. */
  readonly modelVersions?: ReadonlyMap<string, number>;
}

/** Half-open, in epoch ms. */
interface Span {
  readonly startMs: number;
  readonly endMs: number;
}

export interface PlanRequest {
  /** `name`, `+name`, `name+`, `+name+`; all cells when left out or empty. */
  readonly select?: readonly string[];
  readonly fullRefresh?: boolean;
  readonly params: Params;
  /** ISO date that `today` in an input's default means. */
  readonly today?: string;
  /** Up to when cells that record intervals owe rows, by name. */
  readonly horizons?: ReadonlyMap<string, string>;
  /** The interval that is under way of cells that make it as far as it is, by name. */
  readonly partials?: ReadonlyMap<string, Span>;
  /** A backfill: cells that record intervals make those of a range again. */
  readonly again?: boolean;
  /** Cells whose set-aside rows are judged again. */
  readonly replay?: readonly string[];
}

export type StageReason =
  | 'fresh'
  | 'not selected'
  | 'changed'
  | 'never ran'
  | 'upstream changed'
  | 'full refresh'
  | 'source not identified'
  | 'backfill'
  | 'replay'
  | `needed by ${string}`;

export interface Stage {
  readonly cell: string;
  readonly relation: RelationRef;
  readonly action: 'run' | 'skip';
  readonly reason: StageReason;
  /** What the relation will be published under; for a skipped stage, what it is published under if it is. */
  readonly fingerprint: string;
  /** Cells with a stage that this one reads, also through ephemeral cells and views. */
  readonly dependsOn: readonly string[];
  /** Unselected cells whose last published rows are read though they have changed since. */
  readonly readsStale: readonly string[];
  /** The interval that is made though it is not complete, and made again by the next run that finds something new. */
  readonly partial?: Span;
  /** Of a stage that merges otherwise than usual. */
  readonly merge?: PlannedMerge;
}

export interface Plan {
  readonly stages: readonly Stage[];
}

export function plan(graph: Graph, state: PlanState, request: PlanRequest): Plan {
  const known = knownOf(state, request);
  const present = fingerprintsOf(graph, known);
  const selected = readSelection(graph, request.select ?? []);
  const needed = neededBy(graph, selected, state);
  refuseInvalid(graph, new Set([...selected, ...needed.keys()]));
  const values = inputValues(graph, request.params, request.today);
  const effective = new Map<string, string>();
  const running = new Set<string>();
  const stages: Stage[] = [];
  for (const name of graph.order) {
    const cell = graph.cells.get(name);
    if (cell === undefined) continue;
    const published = publishedFingerprint(cell, state);
    const inRun = selected.has(name) || needed.has(name);
    const computed = fingerprintOfCell(graph, cell, known, values, effective);
    const fingerprint = !inRun && isStored(cell) && published !== null ? published : computed;
    effective.set(name, fingerprint);
    if (cell.relation === null || cell.materialize === 'ephemeral') continue;
    const dependsOn = storedUpstream(graph, name);
    const decided = inRun
      ? decide(cell, { published, fingerprint, request, state, running, dependsOn, neededBy: needed.get(name) })
      : notSelected;
    if (decided.action === 'run') running.add(name);
    const readsStale =
      decided.action === 'run'
        ? dependsOn.filter((each) => isStale(graph, each, state, present, selected, needed))
        : [];
    const makes = decided.action === 'run' && decided.reason !== 'replay';
    const partial = makes ? request.partials?.get(name) : undefined;
    const merge = decided.action === 'run' ? mergeOf(cell) : null;
    stages.push({
      cell: name,
      relation: cell.relation,
      ...decided,
      fingerprint,
      dependsOn,
      readsStale,
      ...(partial === undefined ? {} : { partial }),
      ...(merge === null ? {} : { merge }),
    });
  }
  return { stages };
}

type Decision = Pick<Stage, 'action' | 'reason'>;
const notSelected: Decision = { action: 'skip', reason: 'not selected' };

interface Circumstances {
  readonly published: string | null;
  readonly fingerprint: string;
  readonly request: PlanRequest;
  readonly state: PlanState;
  readonly running: ReadonlySet<string>;
  readonly dependsOn: readonly string[];
  readonly neededBy: string | undefined;
}

function decide(cell: CompiledCell, at: Circumstances): Decision {
  if (at.neededBy !== undefined) return { action: 'run', reason: `needed by ${at.neededBy}` };
  if (at.published === null) return { action: 'run', reason: 'never ran' };
  if (at.request.fullRefresh === true) return { action: 'run', reason: 'full refresh' };
  if (isUnidentified(cell, at.state)) return { action: 'run', reason: 'source not identified' };
  if (at.request.again === true && at.request.horizons?.has(cell.name)) return { action: 'run', reason: 'backfill' };
  if (at.request.replay?.includes(cell.name) === true) return { action: 'run', reason: 'replay' };
  if (at.published === at.fingerprint) return { action: 'skip', reason: 'fresh' };
  const upstreamRuns = at.dependsOn.some((name) => at.running.has(name));
  return { action: 'run', reason: upstreamRuns ? 'upstream changed' : 'changed' };
}

function mergeOf(cell: CompiledCell): PlannedMerge | null {
  if (!isSelectCell(cell) || cell.materialize !== 'incremental') return null;
  const merge = { insertOnly: cell.spec.insert_only === true, deletesUnmatched: cell.spec.unmatched === 'delete' };
  return merge.insertOnly || merge.deletesUnmatched ? merge : null;
}

function isUnidentified(cell: CompiledCell, state: PlanState): boolean {
  return cell.kind === 'source' && cell.spec.type !== 'table' && !state.sourceIdentities.has(cell.name);
}

/** Unselected cells that must run because their rows are read and were never published, with a reader of each. */
function neededBy(graph: Graph, selected: ReadonlySet<string>, state: PlanState): Map<string, string> {
  const needed = new Map<string, string>();
  for (const name of [...graph.order].reverse()) {
    if (!selected.has(name) && !needed.has(name)) continue;
    for (const upstream of storedUpstream(graph, name)) {
      const cell = graph.cells.get(upstream);
      if (cell === undefined || selected.has(upstream) || needed.has(upstream) || !isStored(cell)) continue;
      if (publishedFingerprint(cell, state) === null) needed.set(upstream, name);
    }
  }
  return needed;
}

function isStale(
  graph: Graph,
  name: string,
  state: PlanState,
  present: ReadonlyMap<string, string>,
  selected: ReadonlySet<string>,
  needed: ReadonlyMap<string, string>,
): boolean {
  const cell = graph.cells.get(name);
  if (cell === undefined || selected.has(name) || needed.has(name) || !isStored(cell)) return false;
  return publishedFingerprint(cell, state) !== present.get(name);
}

function publishedFingerprint(cell: CompiledCell, state: PlanState): string | null {
  return cell.relation === null ? null : (state.fingerprints.get(relationName(cell.relation)) ?? null);
}

/** Refuses to run what has errors of its own, or inlines text that has. Stored rows of a broken cell may be read. */
function refuseInvalid(graph: Graph, inRun: ReadonlySet<string>): void {
  const involved = new Set([...inRun].flatMap((name) => [name, ...inlinedUpstream(graph, name)]));
  const broken = graph.order.filter((name) => involved.has(name) && graph.cells.get(name)?.valid === false);
  const [first] = broken;
  if (first === undefined) return;
  const list = broken.map((name) => `\`${name}\``).join(', ');
  const message =
    broken.length === 1
      ? say('{list} cannot run: mend the errors in it first', { list })
      : say('{list} cannot run: mend the errors in them first', { list });
  throw new Fault('notebook-invalid', message, { cell: first });
}

function knownOf(state: PlanState, request: PlanRequest): Known {
  return {
    sourceIdentity: (cell) => state.sourceIdentities.get(cell) ?? 'not identified',
    modelVersion: (name) => state.modelVersions?.get(name) ?? null,
    tableSnapshot: (ref) => state.tableSnapshots.get(relationName(ref)) ?? null,
    params: request.params,
    ...(request.today === undefined ? {} : { today: request.today }),
    ...(request.horizons === undefined ? {} : { horizons: request.horizons }),
  };
}
