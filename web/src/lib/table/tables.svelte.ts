import type { TableSummary } from '@datacraft/shared';

let known = $state.raw<readonly TableSummary[] | null>(null);

/** The catalogue as last read: a table's page shows its facts at once. */
export function tables(): readonly TableSummary[] | null {
  return known;
}

export function setTables(found: readonly TableSummary[]): void {
  known = found;
}
