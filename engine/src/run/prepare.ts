import type { Notebook, Params } from '@datacraft/shared';
import { Fault, isFault } from '@datacraft/shared';
import type { Known as FingerprintFacts } from '../compile/fingerprint.ts';
import { fingerprintsOf } from '../compile/fingerprint.ts';
import type { Compiled, Graph } from '../compile/graph.ts';
import { dagOf } from '../compile/graph.ts';
import { downstreamOf } from '../graph/dag.ts';
import type { Plan, PlanState } from '../plan/plan.ts';
import { plan } from '../plan/plan.ts';
import { planIdOf } from '../plan/plan-id.ts';
import type { MayRead, Owner } from '../store/relations.ts';
import { isOwner } from '../store/relations.ts';
import type { ResolveFiles, RunDeps, RunOptions } from './context.ts';
import type { Fingerprints } from './status.ts';
import type { GatherDeps, Known } from './gather.ts';
import { horizonsOf, partialsOf } from './interval-cells.ts';
import { gather, releaseSources } from './gather.ts';

export interface RunInput {
  readonly compiled: Compiled;
  readonly notebook: Notebook;
  readonly owner: Owner;
  readonly options: RunOptions;
  readonly resolve: ResolveFiles;
  /** Of the tables of others. */
  readonly mayRead: MayRead;
}

/** A run decided: what is known, what will be done, and under which parameters. Nothing has happened yet. */
export interface Prepared extends RunInput {
  readonly known: Known;
  readonly plan: Plan;
  /** The moment that decides which intervals are complete: of a run, before what is known was gathered. */
  readonly plannedAt: Date;
  /** Cells left out because their text has errors, or reads a cell whose text has; with the broken cell's name. */
  readonly broken: ReadonlyMap<string, string>;
  readonly fingerprints: Fingerprints;
}

/**
 * Gathers what is known and plans. A run of everything leaves out cells whose text has errors, with what reads them:
 * the rest still runs. A run that selects such a cell is refused with `notebook-invalid`.
 */
export async function prepareRun(
  input: RunInput,
  deps: Pick<RunDeps, 'db' | 'tempDir' | 'now' | 'remote'>,
  signal?: AbortSignal,
  reads: Pick<GatherDeps, 'tellRead' | 'trying' | 'draft'> = {},
): Promise<Prepared> {
  const now = deps.now();
  const known = await gather(input.compiled.graph, input.resolve, {
    ...deps,
    mayRead: input.mayRead,
    fullRefresh: input.options.fullRefresh,
    ...(signal ? { signal } : {}),
    ...reads,
  });
  const prepared = prepareKnown(input, known, now);
  const { planId } = input.options;
  if (planId === undefined || planId === planIdOfRun(prepared)) return prepared;
  await releaseSources(known);
  throw new Fault('conflict', MOVED);
}

const MOVED =
  'this plan is out of date: the notebook, its sources or its tables have changed since it was made. Look at a new plan and run that';

/** What a run that is given it does exactly, or refuses to. */
export function planIdOfRun({ plan: decided, options, known }: Prepared): string {
  return planIdOf(decided, { ...options, snapshots: snapshots(known) });
}

/** Plans with what was gathered. */
export function prepareKnown(input: RunInput, known: Known, now: Date): Prepared {
  const { graph } = input.compiled;
  const today = now.toISOString().slice(0, 10);
  const horizons = horizonsOf(graph, now);
  const broken = input.options.select ? new Map<string, string>() : brokenCells(graph);
  const select = input.options.select ?? soundCells(graph, broken);
  const whole: Plan =
    select.length === 0
      ? { stages: [] }
      : plan(graph, planStateOf(known, input.owner), {
          ...input.options,
          select,
          today,
          horizons,
          partials: partialsOf(graph, now, input.options.interval),
          again: input.options.interval !== undefined,
        });
  const stages = whole.stages.filter((stage) => !broken.has(stage.cell));
  const fingerprints = presentFingerprints(graph, known, input.options.params, now);
  return { ...input, known, plan: { stages }, plannedAt: now, broken, fingerprints };
}

/** Each broken cell, and each cell downstream of one, by the name of the broken cell. */
export function brokenCells(graph: Graph): Map<string, string> {
  const dag = dagOf(graph);
  const broken = new Map<string, string>();
  for (const cell of graph.cells.values()) {
    if (cell.valid) continue;
    for (const name of [cell.name, ...downstreamOf(dag, cell.name)]) if (!broken.has(name)) broken.set(name, cell.name);
  }
  return broken;
}

function soundCells(graph: Graph, broken: ReadonlyMap<string, string>): string[] {
  return graph.order.filter((name) => !broken.has(name) && graph.cells.get(name)?.relation !== null);
}

/** What the plan compares with: only relations that this owner published. */
function planStateOf(known: Known, owner: Owner): PlanState {
  const own = [...known.published].filter(([, relation]) => isOwner(owner, relation));
  return {
    fingerprints: new Map(own.map(([name, relation]) => [name, relation.fingerprint])),
    sourceIdentities: identities(known),
    tableSnapshots: snapshots(known),
    modelVersions: versionsOf(known),
  };
}

function identities(known: Known): Map<string, string> {
  return new Map(
    [...known.sources].flatMap(([cell, source]) => (isFault(source) ? [] : [[cell, source.identity] as const])),
  );
}

function versionsOf({ models }: Known): Map<string, number> {
  return new Map([...models.values()].map(({ name, version }) => [name, version]));
}

function snapshots(known: Known): Map<string, string> {
  return new Map([...known.published].map(([name, relation]) => [name, relation.snapshotId ?? relation.fingerprint]));
}

/** Fingerprints as things are now, for staleness. A source that could not be identified has none. */
export function presentFingerprints(graph: Graph, known: Known, params: Params, now: Date): Fingerprints {
  const sources = identities(known);
  const tables = snapshots(known);
  const models = versionsOf(known);
  const facts: FingerprintFacts = {
    sourceIdentity: (cell) => sources.get(cell) ?? 'not identified',
    tableSnapshot: (ref) => tables.get(`${ref.layer}.${ref.name}`) ?? null,
    modelVersion: (name) => models.get(name) ?? null,
    params,
    today: now.toISOString().slice(0, 10),
    horizons: horizonsOf(graph, now),
  };
  return fingerprintsOf(graph, facts);
}
