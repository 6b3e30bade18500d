import type { TableSummary } from '@datacraft/shared';
import { api } from '#lib/api/index.ts';

let known = $state.raw<{ readonly branch: string; readonly tables: readonly TableSummary[] } | null>(null);
let asked = '';

/** The catalogue as last read, of main or of a branch: a table's page shows its facts at once. */
export function tables(branch: string): readonly TableSummary[] | null {
  return known?.branch === branch ? known.tables : null;
}

/** Reads the catalogue again; an answer that came too late, when another branch was asked for, is let go. */
export async function refreshTables(branch: string): Promise<void> {
  asked = branch;
  const found = await api.tables(branch);
  if (asked === branch) known = { branch, tables: found };
}
