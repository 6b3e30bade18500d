import { partitionsOf } from '@datacraft/shared';
import { sideTables } from '../../compile/side-table.ts';
import type { StagedTable } from '../../iceberg/table.ts';
import type { KeptRows } from '../keep-rows.ts';
import { stageSelect } from '../task.ts';
import type { StreamingWork } from './execute-streaming.ts';

/** Rows that do not change any more: added to those of before, with those that rules set aside. */
export async function stageAdded(
  { cell, task, session, feeding }: StreamingWork,
  kept: KeptRows,
): Promise<{ staged: StagedTable; quarantine: readonly StagedTable[] }> {
  const mode = feeding.memory === null ? 'overwrite' : 'append';
  const partitionBy = partitionsOf(cell.spec.partition_by);
  const staged = await stageSelect(session, cell.relation, `select * from ${kept.kept}`, mode, task, { partitionBy });
  const [ref] = sideTables(cell).filter(({ name }) => name.endsWith('_quarantine'));
  const apart = kept.judgement.split?.quarantine;
  if (!ref || !apart) return { staged, quarantine: [] };
  const rows = `select *, '${task.runId}' as _run_id from (${apart})`;
  return { staged, quarantine: [await stageSelect(session, ref, rows, mode, task)] };
}
