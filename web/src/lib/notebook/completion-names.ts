import type { TableSummary } from '@datacraft/shared';
import { api } from '#lib/api/index.ts';
import type { CellModel } from '#lib/cell/cell-model.svelte.ts';
import type { Names } from '#lib/editor/completion.ts';
import { m } from '#lib/i18n/index.svelte.ts';
import { columnsOfCell } from './columns.ts';
import type { NotebookSession } from './session.svelte.ts';

let tables: readonly TableSummary[] = [];
let readAt = 0;

/** Tables of the warehouse change with runs, not with keystrokes: read again after half a minute. */
function refresh(): void {
  if (Date.now() - readAt < 30_000) return;
  readAt = Date.now();
  api.tables().then(
    (found) => (tables = found),
    (error: unknown) => console.warn('tables are not proposed while they cannot be read', error),
  );
}

export function namesFor(session: NotebookSession, cell: CellModel): Names {
  refresh();
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
      ...tableNames(),
    ],
    inputs: cells
      .filter((other) => other.kind === 'input')
      .flatMap((other) =>
        other.config['type'] === 'daterange' ? [`${other.name}_start`, `${other.name}_end`] : [other.name],
      ),
  };
}

export function tableNames(): Names['relations'] {
  refresh();
  return tables.map((table) => ({
    name: `${table.layer}.${table.name}`,
    detail: m().common.rows(table.rows),
    columns: table.columns,
  }));
}
