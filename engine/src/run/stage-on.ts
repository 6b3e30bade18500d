import type { RelationRef } from '@datacraft/shared';
import { isFault, quoteIdentifier } from '@datacraft/shared';
import type { DuckSession } from '../duckdb/session.ts';
import type { StagedTable } from '../iceberg/table.ts';
import type { TaskContext } from './execute.ts';
import { stageSelect } from './task.ts';

export interface StagedOn {
  readonly staged: StagedTable;
  /** Rows that are new. */
  readonly added: number;
}

/**
 * Adds rows of a cell whose text was changed: where the new types do not fit into the table, its rows are written anew
 * with them. `current` is how the session calls those rows.
 */
export async function stageOn(
  session: DuckSession,
  relation: RelationRef,
  select: string,
  current: string,
  task: TaskContext,
): Promise<StagedOn> {
  try {
    const staged = await stageSelect(session, relation, select, 'append', task);
    return { staged, added: staged.rows };
  } catch (error) {
    if (!isFault(error, 'query-failed') || error.facts['expected'] === undefined) throw error;
    const wanted = new Map((await session.describe(select)).map(({ name, type }) => [name.toLowerCase(), type]));
    const casts = (await session.describe(`select * from ${current}`)).map(({ name }) => {
      const [column, type] = [quoteIdentifier(name), wanted.get(name.toLowerCase())];
      return type === undefined ? column : `cast(${column} as ${type}) as ${column}`;
    });
    const all = `select ${casts.join(', ')} from ${current} union all by name select * from (${select})`;
    const staged = await stageSelect(session, relation, all, 'overwrite', task);
    const { rows } = await session.rows(`select count(*)::bigint from ${current}`);
    return { staged, added: staged.rows - Number(rows[0]?.[0] ?? 0) };
  }
}
