import { createHash } from 'node:crypto';
import type { RelationRef } from '@datacraft/shared';
import { quoteLiteral } from '@datacraft/shared';
import type { SourceCell } from '../compile/graph.ts';
import type { DuckSession } from '../duckdb/session.ts';
import type { StagedTable, WriteMode } from '../iceberg/table.ts';
import type { OpenedSource } from '../source/source.ts';
import type { TaskContext } from './execute.ts';
import { stageSelect } from './task.ts';

/** Letters that are read again, and the table they leave with this write. */
export interface AgainRead {
  readonly ref: RelationRef;
  readonly scan: string;
  readonly files: readonly string[];
  readonly snapshotId: string | null;
  /** Who asked for it: an id that the letters which break again keep. */
  readonly asked: string;
  /** Ids of the letters. */
  readonly taken: readonly string[];
}

export interface StagedRejects {
  readonly table: StagedTable | null;
  /** Rows of this reading that were bad. */
  readonly count: number;
  /** Which rows of `table` they are, as SQL; null: all that this write adds. */
  readonly again: string | null;
}

/** What the cell says now, as one short word. */
export function cellVersion(meaning: string): string {
  return createHash('sha256').update(meaning).digest('hex').slice(0, 12);
}

/** The bad rows of a reading, in `<name>_rejects`. Letters that were read again leave it, and those that broke again come back. */
export async function stageRejects(
  open: () => Promise<DuckSession>,
  cell: SourceCell,
  opened: OpenedSource,
  mode: WriteMode,
  task: TaskContext,
): Promise<StagedRejects> {
  const { again } = task;
  if (opened.rejects === null || cell.spec.rejects !== 'table' || cell.relation === null) {
    if (again)
      return {
        table: await stageSelect(await open(), again.ref, stayedSelect(again), 'overwrite', task),
        count: 0,
        again: null,
      };
    return { table: null, count: 0, again: null };
  }
  const session = await open();
  const ref = { layer: cell.relation.layer, name: `${cell.relation.name}_rejects` };
  const rejects = opened.keepsLetters === true ? lettersOf(opened.rejects, cell, task) : opened.rejects;
  if (again) {
    const both = `${stayedSelect(again)} union all by name select * from (${rejects})`;
    const staged = await stageSelect(session, ref, both, 'overwrite', task);
    return { table: staged, count: await countOf(session, rejects), again: isTaken(again) };
  }
  const table = await stageSelect(session, ref, rejects, mode, task);
  // Where nothing was bad the table of before stays as it is.
  const isNothing = mode === 'append' && table.rows === 0 && table.totalRows > 0;
  return { table: isNothing ? null : table, count: table.rows, again: null };
}

function isTaken({ taken }: AgainRead): string {
  return `letter in (${taken.map(quoteLiteral).join(', ')})`;
}

function stayedSelect(again: AgainRead): string {
  return `select * from (${again.scan}) where letter is null or not ${isTaken(again)}`;
}

/** Each with an id that it keeps until it has landed, and with what the cell said when it broke. */
function lettersOf(rejects: string, cell: SourceCell, task: TaskContext): string {
  const id = `md5(concat(${quoteLiteral(task.fingerprint)}, ':', line))`;
  const at = `cast(${quoteLiteral(task.deps.now().toISOString().replace('Z', ''))} as timestamp)`;
  const attempts = task.again ? 'attempts + 1' : 'attempts';
  const tried = task.again ? quoteLiteral(task.again.asked) : 'null::varchar';
  return `select * replace (coalesce(letter, ${id}) as letter, ${attempts} as attempts),
  ${quoteLiteral(cellVersion(cell.meaning))} as cell_version, ${at} as rejected_at, ${tried} as tried from (${rejects})`;
}

async function countOf(session: DuckSession, select: string): Promise<number> {
  const { rows } = await session.rows(`select count(*)::integer from (${select})`);
  return Number(rows[0]?.[0] ?? 0);
}
