import type { CellLineage, Column } from '@datacraft/shared';
import { chartQuery, isFault } from '@datacraft/shared';
import type { ChartCell } from '../compile/graph.ts';
import type { Reading } from './cells.ts';
import { configTable } from './config-cells.ts';
import { lineageOfQuery } from './lineage.ts';

type Found = Pick<CellLineage, 'columns' | 'rows' | 'gaps'>;

/** A chart is a query over what it draws: its lineage is that of the query. */
export async function chartLineage(cell: ChartCell, reading: Reading): Promise<Found> {
  const table = configTable(cell.spec.from, reading);
  if (table === null || table.columns === null)
    return { columns: [], rows: [], gaps: [`the columns of ${cell.spec.from} are not known yet`] };
  const sql = sqlOf(cell, table.columns);
  if (sql === null) return { columns: [], rows: [], gaps: ['the chart names columns that are not there'] };
  const tree = await reading.parse(sql);
  if (tree.kind === 'error')
    return { columns: [], rows: [], gaps: [`the chart's query cannot be read: ${tree.message}`] };
  return lineageOfQuery(tree.statements[0], (schema, name) => reading.table(schema, name));
}

function sqlOf(
  cell: ChartCell,
  columns: readonly { readonly name: string; readonly type: string | null }[],
): string | null {
  const known: Column[] = columns.map(({ name, type }) => ({ name, type: type ?? 'DOUBLE' }));
  try {
    return chartQuery(cell.spec, known).sql;
  } catch (error) {
    if (isFault(error, 'notebook-invalid')) return null;
    throw error;
  }
}
