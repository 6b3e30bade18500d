import type { Column } from '@datacraft/shared';
import type { Table } from 'apache-arrow';

import { columnsOf, TableBuilder, withTypes } from './arrow.ts';
import type { Rows } from './workbench.ts';

/** Rows held for one result; what is beyond is said, never dropped in silence. */
export const MAX_ROWS = 1_000_000;
/** Rows fetched before the engine waits for the person to stop typing. */
const EAGER_ROWS = 16_384;
const SETTLE_MS = 250;
const GROW_MS = 150;

export interface Grown {
  readonly table: Table;
  readonly columns: readonly Column[];
  readonly rowCount: number;
  readonly complete: boolean;
  /** Rows held of a result that has more. */
  readonly truncatedAt: number | null;
}

export interface GrowHooks {
  readonly isCurrent: () => boolean;
  readonly signal: AbortSignal;
  /** The first rows are there, or there are none. */
  readonly onFirst: () => void;
  readonly onRows: (grown: Grown) => void;
  /** Types as the engine names them, where Arrow's are less exact; null when it cannot tell. */
  readonly describe: () => Promise<readonly Column[] | null>;
}

/** Tells the rows of a result as they come: the first at once, then seldom enough that nobody's typing waits. */
export async function growRows(rows: Rows, hooks: GrowHooks): Promise<void> {
  const builder = new TableBuilder(rows.schema);
  let columns = columnsOf(rows.schema);
  const tell = (complete: boolean, truncatedAt: number | null) =>
    hooks.onRows({ table: builder.table(), columns, rowCount: builder.rowCount, complete, truncatedAt });
  let shownAt = 0;
  let settled = false;
  for await (const batch of rows.batches) {
    if (!hooks.isCurrent()) return;
    if (builder.rowCount >= MAX_ROWS && batch.numRows > 0) return tell(true, builder.rowCount);
    builder.add(batch);
    if (shownAt === 0) hooks.onFirst();
    if (shownAt === 0 || (settled && performance.now() - shownAt > GROW_MS)) {
      tell(false, null);
      shownAt = performance.now();
    }
    if (!settled && builder.rowCount >= EAGER_ROWS) {
      settled = true;
      tell(false, null);
      await pause(SETTLE_MS, hooks.signal);
    }
  }
  if (shownAt === 0) hooks.onFirst();
  tell(true, null);
  const exact = await hooks.describe().catch(() => null);
  const typed = exact === null ? columns : withTypes(columns, exact);
  if (typed === columns) return;
  columns = typed;
  tell(true, null);
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
