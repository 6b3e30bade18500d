import { isBranchId, type TableSummary } from '@datacraft/shared';
import { api } from '#lib/api/index.ts';
import type { CellModel } from '#lib/cell/cell-model.svelte.ts';
import type { Names } from '#lib/editor/completion.ts';
import { m } from '#lib/i18n/index.svelte.ts';
import { columnsOfCell } from './columns.ts';
import type { NotebookSession } from './session.svelte.ts';

/** By branch; main's under no name. */
const known = new Map<string, { tables: readonly TableSummary[]; readAt: number }>();

/** Tables of the warehouse change with runs, not with keystrokes: read again after half a minute. */
function tablesOf(branch: string): readonly TableSummary[] {
  const kept = known.get(branch) ?? { tables: [], readAt: 0 };
  known.set(branch, kept);
  if (Date.now() - kept.readAt < 30_000) return kept.tables;
  kept.readAt = Date.now();
  api.tables(branch).then(
    (found) => (kept.tables = found),
    (error: unknown) => console.warn('tables are not proposed while they cannot be read', error),
  );
  return kept.tables;
}

export function namesFor(session: NotebookSession, cell: CellModel): Names {
  const cells = session.cells.filter((other) => other.id !== cell.id && other.name !== '');
  return {
    relations: [
      ...cells
        .filter((other) => ['sql', 'source', 'transform', 'model'].includes(other.kind))
        .map((other) => ({
          name: other.name,
          detail: m().cell.kind[other.kind],
          columns: columnsOfCell(session, other),
        })),
      ...tableNames(isBranchId(session.id) ? session.id : ''),
    ],
    inputs: cells
      .filter((other) => other.kind === 'input')
      .flatMap((other) =>
        other.config['type'] === 'daterange' ? [`${other.name}_start`, `${other.name}_end`] : [other.name],
      ),
  };
}

/** `branch`: whose tables the names mean; empty: main's. */
export function tableNames(branch: string): Names['relations'] {
  return tablesOf(branch).map((table) => ({
    name: `${table.layer}.${table.name}`,
    detail: m().common.rows(table.rows),
    columns: table.columns,
  }));
}
