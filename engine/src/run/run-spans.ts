import type { RunReport } from '@datacraft/shared';
import { relationName } from '@datacraft/shared';
import type { Stage } from '../plan/plan.ts';
import type { Publication } from '../publish/publish.ts';
import type { Execution, Working } from './runner.ts';
import type { OpenSpan } from './trace.ts';
import { runSpan, spanned } from './trace.ts';

/** One try of one task. */
export function taskSpan(
  { cell, relation, reason, fingerprint }: Stage,
  { lease, deps }: Pick<Working, 'lease' | 'deps'>,
  work: (span: OpenSpan) => Promise<Publication>,
): Promise<Publication> {
  const attributes = {
    'datacraft.run.id': lease.runId,
    'datacraft.cell': cell,
    'datacraft.relation': relationName(relation),
    'datacraft.reason': reason,
    'datacraft.fingerprint': fingerprint,
  };
  const id = `${cell} ${lease.epoch} ${deps.now().getTime()}`;
  return spanned({ name: 'task', parent: runSpan(lease.runId), id, attributes }, deps, work, ({ rows, rejected }) => ({
    'datacraft.rows': rows,
    'datacraft.rows.rejected': rejected,
  }));
}

export function publishSpan<Result>(
  { lease, deps }: Pick<Working, 'lease' | 'deps'>,
  work: () => Promise<Result>,
): Promise<Result> {
  const id = `${lease.epoch} ${deps.now().getTime()}`;
  const attributes = { 'datacraft.run.id': lease.runId };
  return spanned({ name: 'publish', parent: runSpan(lease.runId), id, attributes }, deps, work);
}

/** The whole run, told when it has ended. */
export function sendRunSpan({ input, lease, deps }: Execution, report: RunReport, startMs: number): void {
  deps.spans?.send({
    ...runSpan(lease.runId),
    parentId: null,
    name: 'run',
    startMs,
    endMs: deps.now().getTime(),
    error: report.state === 'failed' ? (report.error?.code ?? 'failed') : null,
    attributes: {
      'datacraft.run.id': lease.runId,
      'datacraft.notebook': input.notebook.title,
      ...(report.notebookId === null ? {} : { 'datacraft.notebook.id': report.notebookId }),
      'datacraft.trigger': report.trigger,
      'datacraft.state': report.state,
      'datacraft.tasks': report.tasks.length,
    },
  });
}
