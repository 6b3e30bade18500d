import type { CellLineage, RunReport, RunState } from '@datacraft/shared';
import type { OpenLineageEvent } from '../lineage/open-lineage.ts';
import { openLineageEvent, openLineageRun } from '../lineage/open-lineage.ts';
import type { Working } from './runner.ts';

type Told = Pick<Working, 'prepared' | 'deps' | 'lease'>;

const endings: Partial<Record<RunState, OpenLineageEvent['eventType']>> = {
  succeeded: 'COMPLETE',
  failed: 'FAIL',
  cancelled: 'ABORT',
};

/** One event when a run starts, and one when it has ended. */
export function tellRun(
  { input, deps, lease }: Pick<Working, 'input' | 'deps' | 'lease'>,
  { state, error }: Pick<RunReport, 'state' | 'error'>,
): void {
  deps.openLineage?.send(
    openLineageRun({
      producer: deps.openLineage.producer,
      type: endings[state] ?? 'START',
      at: deps.now(),
      runId: lease.runId,
      notebook: input.notebook.title,
      ...(error ? { error: error.message } : {}),
    }),
  );
}

/** One event for each cell that starts; what it is made of is told when it ends. */
export function tellStart(working: Told, cell: string): void {
  tell(working, cell, 'START', undefined);
}

export function tellFailure(working: Told, cell: string, error: string): void {
  tell(working, cell, 'FAIL', undefined, error);
}

/** After the publish: what is told complete is what readers see. */
export function tellPublished(working: Told, cells: readonly string[], lineage: readonly CellLineage[]): void {
  for (const cell of cells)
    tell(
      working,
      cell,
      'COMPLETE',
      lineage.find((each) => each.cell === cell),
    );
}

function tell(
  { prepared, deps, lease }: Told,
  name: string,
  type: OpenLineageEvent['eventType'],
  known: CellLineage | undefined,
  error?: string,
): void {
  const cell = prepared.compiled.graph.cells.get(name);
  if (deps.openLineage === undefined || cell === undefined) return;
  const relation = cell.relation === null ? null : `${cell.relation.layer}.${cell.relation.name}`;
  const bare: CellLineage = {
    cell: name,
    kind: cell.kind,
    relation,
    isPublished: true,
    columns: [],
    rows: [],
    gaps: [],
  };
  deps.openLineage.send(
    openLineageEvent({
      producer: deps.openLineage.producer,
      type,
      at: deps.now(),
      runId: lease.runId,
      notebook: prepared.notebook.title,
      cell: known ?? bare,
      ...(error === undefined ? {} : { error }),
    }),
  );
}
