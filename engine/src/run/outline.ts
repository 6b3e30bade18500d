import type {
  Column,
  ColumnChange,
  PlacedLineage,
  PlannedAmount,
  PlannedCell,
  RunPlan,
  TableLedger,
} from '@datacraft/shared';
import { relationName } from '@datacraft/shared';
import { sideTables } from '../compile/side-table.ts';
import { lostOf } from '../plan/column-change.ts';
import type { Stage } from '../plan/plan.ts';
import { readersOf } from '../plan/radius.ts';
import { whyOf } from '../plan/why.ts';
import { loadLineage } from '../store/lineage.ts';
import { lastDurations, usersOf } from '../store/plan-facts.ts';
import type { MayRead, PublishedRelation } from '../store/relations.ts';
import { isOwner, listRelations } from '../store/relations.ts';
import type { RunDeps } from './context.ts';
import { changedColumns, draftLineage } from './draft-columns.ts';
import { ledgerOf } from './ledger.ts';
import type { Prepared } from './prepare.ts';
import { planIdOfRun } from './prepare.ts';
import type { Sizes } from './table-size.ts';
import { sizesOf, sumOf } from './table-size.ts';

type OutlineDeps = Pick<RunDeps, 'db' | 'duck' | 'lake' | 'now'>;

/** What a prepared run would do, to whom, and at about what cost. Nothing happens. `maySee` is of whoever asks. */
export async function outlineOf(prepared: Prepared, deps: OutlineDeps, maySee: MayRead): Promise<RunPlan> {
  const { owner, plan } = prepared;
  const drafts = await draftLineage(prepared, deps);
  const stored = (await loadLineage(deps.db)).filter(
    (cell) => cell.owner === owner.key || maySee({ notebookId: cell.notebookId, ownerKey: cell.owner }),
  );
  const removed = await removedCells(prepared, deps);
  const planned = [...(await plannedCells(prepared, drafts, deps)), ...removed];
  const made = new Set(planned.filter(({ action }) => action !== 'skip').map(({ relation }) => relation));
  const lost = new Set(planned.flatMap(({ relation, columns }) => (columns ? lostOf(relation, columns) : [])));
  const all = new Set(plan.stages.map(({ relation }) => relationName(relation)));
  const readers = readersOf({ made, planned: all, lost }, { drafts, stored });
  const broken = new Set(readers.flatMap((reader) => reader.broken));
  const cells = planned.map((cell) => ({ ...cell, isBreaking: breaks(cell, broken) }));
  const users = made.size === 0 ? nobody : await usersOf(deps.db, notebooksOf([owner, ...readers]));
  return { planId: planIdOfRun(prepared), cells, readers, ...users, cost: costOf(cells) };
}

const nobody = { dashboards: [], schedules: [] };

function breaks({ relation, columns }: PlannedCell, broken: ReadonlySet<string>): boolean {
  return columns !== null && lostOf(relation, columns).some((each) => broken.has(each));
}

function notebooksOf(those: readonly { readonly notebookId: string | null }[]): string[] {
  return [...new Set(those.map(({ notebookId }) => notebookId).filter((id) => id !== null))];
}

async function plannedCells(
  prepared: Prepared,
  drafts: readonly PlacedLineage[],
  deps: OutlineDeps,
): Promise<PlannedCell[]> {
  const { plan, known, compiled } = prepared;
  const running = new Set(plan.stages.flatMap(({ cell, action }) => (action === 'run' ? [cell] : [])));
  const ledgers = await ledgerOf(deps.db, { graph: compiled.graph, now: prepared.plannedAt });
  const relations = plan.stages.map(({ relation }) => relationName(relation));
  const durations = await lastDurations(deps.db, relations);
  const sizes = await sizesOf([...known.published.values()], deps);
  return plan.stages.map((stage): PlannedCell => {
    const relation = relationName(stage.relation);
    const published = ownPublished(prepared, relation);
    const draft = drafts.find(({ cell }) => cell === stage.cell);
    const columns = published && draft ? changedColumns(compiled.graph.cells.get(stage.cell), published, draft) : null;
    return {
      cell: stage.cell,
      relation,
      action: stage.action,
      change: changeOf(stage, published),
      reason: stage.reason,
      why: whyOf(stage, {
        before: published?.definition?.meaning ?? null,
        now: compiled.graph.cells.get(stage.cell)?.meaning ?? '',
      }),
      after: stage.dependsOn.filter((name) => running.has(name)),
      columns,
      isBreaking: false,
      ...intervalsOf(
        stage,
        ledgers.find(({ cell }) => cell === stage.cell),
      ),
      merge: stage.merge ?? null,
      reads: readsOf(stage, prepared, sizes),
      last: published
        ? {
            rows: published.rows,
            bytes: sizes.get(relation)?.bytes ?? null,
            durationMs: durations.get(relation) ?? null,
          }
        : null,
    };
  });
}

/** What the table lacks; of a partial interval only whoever runs now makes more. */
function intervalsOf(
  { action, partial }: Stage,
  ledger: TableLedger | undefined,
): Pick<PlannedCell, 'intervals' | 'partial'> {
  const remade = action === 'run' ? (ledger?.partialCount ?? 0) : 0;
  const span = (ms: number) => new Date(ms).toISOString();
  return {
    intervals: ledger === undefined ? null : ledger.missingCount + remade,
    partial: partial === undefined ? null : { start: span(partial.startMs), end: span(partial.endMs) },
  };
}

function ownPublished({ known, owner }: Prepared, relation: string): PublishedRelation | undefined {
  const found = known.published.get(relation);
  return found !== undefined && isOwner(owner, found) ? found : undefined;
}

function changeOf({ action }: Stage, published: PublishedRelation | undefined): PlannedCell['change'] {
  if (action === 'skip') return 'unchanged';
  return published === undefined ? 'added' : 'changed';
}

/** The tables it reads, as published now; of a source what it held the last time. */
function readsOf(stage: Stage, { compiled, known }: Prepared, sizes: Sizes): PlannedAmount {
  const cell = compiled.graph.cells.get(stage.cell);
  const cells = stage.dependsOn.flatMap((name) => compiled.graph.cells.get(name)?.relation ?? []);
  const outside = cell?.kind === 'source' ? [stage.relation] : [];
  const names = new Set([...cells, ...(cell?.tables ?? []), ...outside].map(relationName));
  return sumOf([...names].filter((name) => known.published.has(name)).map((name) => sizes.get(name)));
}

/** Tables of this notebook that no cell of it makes any more. */
async function removedCells({ compiled, owner, options, broken }: Prepared, deps: OutlineDeps): Promise<PlannedCell[]> {
  const standing = [...compiled.graph.cells.values()].flatMap((cell) =>
    cell.relation ? [cell.relation, ...sideTables(cell)] : [],
  );
  const made = new Set(standing.map(relationName));
  const own = (await listRelations(deps.db)).filter((relation) => isOwner(owner, relation));
  const gone = own.filter(
    ({ ref, retiredAt, cell }) => retiredAt === null && !made.has(relationName(ref)) && !broken.has(cell),
  );
  if (options.interval !== undefined) return [];
  return gone.map(({ ref, cell, columns, rows }) => ({
    cell,
    relation: relationName(ref),
    action: 'remove',
    change: 'removed',
    reason: 'no cell makes it any more',
    why: null,
    after: [],
    columns: allGone(columns),
    isBreaking: false,
    intervals: null,
    partial: null,
    merge: null,
    reads: { rows: null, bytes: null },
    last: { rows, bytes: null, durationMs: null },
  }));
}

function allGone(columns: readonly Column[]): ColumnChange {
  return { added: [], removed: columns.map(({ name }) => name), retyped: [] };
}

function costOf(cells: readonly PlannedCell[]): RunPlan['cost'] {
  const running = cells.filter(({ action }) => action === 'run');
  const times = running.flatMap(({ last }) => (last?.durationMs == null ? [] : [last.durationMs]));
  return {
    ...sumOf(running.map(({ reads }) => reads)),
    durationMs: times.length === 0 ? null : times.reduce((total, each) => total + each, 0),
  };
}
