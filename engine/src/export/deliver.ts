/**
 * Sends published tables elsewhere, after the run that published them.
 *
 * V1  A target holds a whole snapshot or the one before it: in PostgreSQL rows and ledger change in one transaction, in
 *     S3 an object appears whole, over HTTP each batch carries a key by which it is known again.
 * V2  Every run brings its targets to the snapshot that is published then, so that one cut off is made up by the next.
 * V3  A target that fails keeps what it has and says why; the run and other targets go on.
 */
import type { ExportSpec } from '@datacraft/shared';
import { exportTarget, isFault, relationName } from '@datacraft/shared';
import type { SqlCell } from '../compile/graph.ts';
import { isSelectCell } from '../compile/graph.ts';
import type { Prepared } from '../run/prepare.ts';
import type { Execution } from '../run/runner.ts';
import type { ExportPlace } from '../store/exports.ts';
import { beginExport, endExport, lastDelivered } from '../store/exports.ts';
import { loadRelations } from '../store/relations.ts';
import type { Shipment, Shipped } from './shipment.ts';
import { sendByHttp } from './to-http.ts';
import { sendToPostgres } from './to-postgres.ts';
import { sendToS3 } from './to-s3.ts';

export async function deliverExports({ compiled, plan, owner }: Prepared, execution: Execution): Promise<void> {
  const planned = new Set(plan.stages.map(({ cell }) => cell));
  const cells = [...compiled.graph.cells.values()].filter(isSelectCell);
  for (const cell of cells) {
    if (cell.relation === null || cell.spec.export === undefined || !planned.has(cell.name)) continue;
    const found = (await loadRelations(execution.deps.db, [cell.relation])).get(relationName(cell.relation));
    if (found?.ownerKey !== owner.key || found.snapshotId === null) continue;
    for (const spec of cell.spec.export) await deliver(cell, spec, execution);
  }
}

async function deliver(cell: SqlCell, spec: ExportSpec, execution: Execution): Promise<void> {
  const { lease, signal, input } = execution;
  const deps = { ...execution.deps, mayRead: input.mayRead };
  if (cell.relation === null || signal.aborted) return;
  const place: ExportPlace = { runId: lease.runId, cell: cell.name, target: exportTarget(spec), ref: cell.relation };
  const before = await lastDelivered(deps.db, place);
  await beginExport(deps.db, place);
  const shipment: Shipment = { ref: cell.relation, uniqueKey: cell.spec.unique_key, before, deps, signal };
  try {
    await endExport(deps.db, place, await send(spec, shipment));
  } catch (error) {
    if (isFault(error, 'database-unavailable')) throw error;
    await endExport(deps.db, place, { error: error instanceof Error ? error.message : String(error) });
  }
}

function send(spec: ExportSpec, shipment: Shipment): Promise<Shipped> {
  switch (spec.type) {
    case 'postgres':
      return sendToPostgres(spec, shipment);
    case 's3':
      return sendToS3(spec, shipment);
    case 'http':
      return sendByHttp(spec, shipment);
  }
}
