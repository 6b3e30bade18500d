import type { TableSummary } from '@datacraft/shared';
import { api } from '#lib/api/index.ts';

let known = $state.raw<readonly TableSummary[] | null>(null);

/** The catalogue as last read: a table's page shows its facts at once. */
export function tables(): readonly TableSummary[] | null {
  return known;
}

/** Reads the catalogue again. */
export async function refreshTables(): Promise<void> {
  known = await api.tables();
}
