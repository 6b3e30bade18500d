import type { PlannedAmount } from '@datacraft/shared';
import { relationName } from '@datacraft/shared';
import { loadTable } from '../iceberg/load-table.ts';
import type { PublishedRelation } from '../store/relations.ts';
import type { RunDeps } from './context.ts';

/** By `layer.name`. */
export type Sizes = ReadonlyMap<string, PlannedAmount>;

/** Rows and bytes of published tables; a view has no bytes of its own. */
export async function sizesOf(
  relations: readonly PublishedRelation[],
  deps: Pick<RunDeps, 'db' | 'lake'>,
): Promise<Sizes> {
  const sizes = new Map<string, PlannedAmount>();
  for (const { ref, kind, rows } of relations) {
    const table = kind === 'table' ? await loadTable(deps.db, deps.lake, ref) : null;
    sizes.set(relationName(ref), { rows, bytes: table?.sizeBytes ?? null });
  }
  return sizes;
}

/** What is known of all of them; null when nothing is of any. */
export function sumOf(amounts: readonly (PlannedAmount | undefined)[]): PlannedAmount {
  const add = (of: (amount: PlannedAmount) => number | null) => {
    const known = amounts.flatMap((amount) => (amount === undefined ? [] : [of(amount)])).filter((n) => n !== null);
    return known.length === 0 ? null : known.reduce((total, each) => total + each, 0);
  };
  return { rows: add(({ rows }) => rows), bytes: add(({ bytes }) => bytes) };
}
