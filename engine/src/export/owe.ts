import type { ExportSpec } from '@datacraft/shared';
import { exportTarget, Fault, relationName, say } from '@datacraft/shared';
import type { Graph, SqlCell } from '../compile/graph.ts';
import { isSelectCell } from '../compile/graph.ts';
import type { Prepared, RunInput } from '../run/prepare.ts';
import type { Execution } from '../run/runner.ts';
import type { Queryable } from '../store/database.ts';
import type { ExportPlace } from '../store/exports.ts';
import { oweExports } from '../store/exports.ts';
import type { Owner } from '../store/relations.ts';
import { isOwner, loadRelations } from '../store/relations.ts';
import { saveTasks } from '../store/runs.ts';

/** Records, in the transaction that publishes, what the run has still to send; answers of how many targets. */
export async function oweOfRun(tx: Queryable, { compiled, plan, owner }: Prepared, runId: string): Promise<number> {
  const planned = new Set(plan.stages.map(({ cell }) => cell));
  const places: ExportPlace[] = [];
  for (const cell of exportingCells(compiled.graph)) {
    if (!planned.has(cell.name)) continue;
    const targets = (cell.spec.export ?? []).map(exportTarget);
    if ((await publishedSnapshot(tx, cell, owner)) !== null) places.push(...placesOf(cell, targets, runId));
  }
  await oweExports(tx, places);
  return places.length;
}

/** A run that only sends: no cell is made again. */
export async function oweAgain({ input, lease, deps }: Execution, asked: Resend): Promise<void> {
  await deps.db.transaction(async (tx) => {
    for (const [position, name] of [...new Set(asked.map(({ cell }) => cell))].entries()) {
      const cell = exportingCells(input.compiled.graph).find((each) => each.name === name);
      const snapshotId = cell ? await publishedSnapshot(tx, cell, input.owner) : null;
      if (!cell?.relation || snapshotId === null)
        throw new Fault('not-found', say('{name} has nothing published that could be sent; run it', { name }), {
          cell: name,
        });
      const targets = asked.filter((each) => each.cell === name).map(({ target }) => target);
      await oweExports(tx, placesOf(cell, targets, lease.runId));
      const report = { cell: name, relation: relationName(cell.relation), snapshotId, rowsWritten: 0, durationMs: 0 };
      await saveTasks(tx, lease, [{ position, report: { ...report, state: 'skipped', reason: 'sent again' } }]);
    }
  });
}

type Resend = NonNullable<RunInput['options']['resend']>;

/** What a cell says of a target by its name. */
export function exportOf(graph: Graph, place: { cell: string; target: string }): [SqlCell, ExportSpec] | null {
  const cell = exportingCells(graph).find((each) => each.name === place.cell);
  const spec = cell?.spec.export?.find((each) => exportTarget(each) === place.target);
  return cell && spec ? [cell, spec] : null;
}

function exportingCells(graph: Graph): SqlCell[] {
  return [...graph.cells.values()].filter(isSelectCell).filter(({ spec }) => spec.export !== undefined);
}

function placesOf({ name, relation }: SqlCell, targets: readonly string[], runId: string): ExportPlace[] {
  return relation === null ? [] : targets.map((target) => ({ runId, cell: name, target, ref: relation }));
}

async function publishedSnapshot(db: Queryable, { relation }: SqlCell, owner: Owner): Promise<string | null> {
  if (relation === null) return null;
  const found = (await loadRelations(db, [relation])).get(relationName(relation));
  return found && isOwner(owner, found) ? found.snapshotId : null;
}
