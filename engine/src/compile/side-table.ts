import type { RelationRef } from '@datacraft/shared';
import type { CellSpec } from './cell-spec.ts';

/** Tables that a cell publishes beside its own: rejected rows of a source, quarantined rows of a sql cell, what a streaming cell keeps. */
export function sideTables(cell: CellSpec & { readonly relation: RelationRef | null }): RelationRef[] {
  const { relation } = cell;
  if (relation === null) return [];
  return suffixes(cell).map((suffix) => ({ layer: relation.layer, name: `${relation.name}${suffix}` }));
}

function suffixes(cell: CellSpec): string[] {
  if (cell.kind === 'source') return cell.spec.rejects === 'table' ? ['_rejects'] : [];
  if (cell.kind !== 'sql' && cell.kind !== 'transform') return [];
  const quarantines = cell.spec.expect?.some((rule) => 'on_violation' in rule && rule.on_violation === 'quarantine');
  const contracted = cell.spec.contract?.mode === 'quarantine';
  return [
    ...(quarantines === true || contracted ? ['_quarantine'] : []),
    ...(cell.spec.refresh === 'streaming' ? ['_late', '_state'] : []),
  ];
}
