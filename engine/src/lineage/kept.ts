import { addedColumns, columnList, isModelKind, lookupColumns } from '@datacraft/shared';
import type { LineageColumn, LineageEdge } from '@datacraft/shared';
import type { SqlCell } from '../compile/graph.ts';
import type { Reading } from './cells.ts';
import { configTable, directEdge } from './config-cells.ts';

/** The columns that dimensions, facts and vaults add to those of their SELECT. */
export function keptColumns(cell: SqlCell, own: readonly LineageColumn[], reading: Reading): readonly LineageColumn[] {
  const keep = cell.materialize;
  if (!isModelKind(keep)) return [];
  const edgesOf = (names: readonly string[]) =>
    own.filter(({ name }) => names.includes(name)).flatMap(({ from }) => from.map(asTransform));
  const keys = columnList(cell.spec.unique_key);
  const sequence = columnList(cell.spec.sequence_by);
  return addedColumns(cell.name, keep, cell.spec).map((name) => {
    const lookup = lookupColumns(cell.spec.dimensions ?? {}).find(({ key }) => key === name);
    const table = lookup === undefined ? null : configTable(lookup.target, reading);
    if (lookup !== undefined && table !== null) {
      const matched = edgesOf(lookup.columns).map((edge): LineageEdge => ({ ...edge, kind: 'join', how: null }));
      const key = `${lookup.target.split('.').at(-1) ?? ''}_key`;
      return { name, type: 'BIGINT', from: [directEdge(table.key, key, 'identity'), ...matched] };
    }
    const isTime = /^(valid_from|valid_to|load_date)$/.test(name);
    return { name, type: null, from: edgesOf(isTime ? sequence : keys) };
  });
}

function asTransform(edge: LineageEdge): LineageEdge {
  return edge.how === 'identity' ? { ...edge, how: 'transform' } : edge;
}
