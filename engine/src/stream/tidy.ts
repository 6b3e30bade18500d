import type { RelationRef } from '@datacraft/shared';
import { isLayer } from '@datacraft/shared';
import { compactTable } from '../maintain/compact.ts';
import { thinTable } from '../maintain/expire.ts';
import type { RunDeps } from '../run/context.ts';

const COMMITS_BETWEEN = 64;

/**
 * Beside the stream, of each table that it writes: the small files that commits leave are written as fewer, and most
 * earlier states are let go, so that a commit costs the same however many there were. The rows stay the same.
 */
export interface Tidy {
  /** These tables, `layer.name`, have a new state. */
  committed(tables: readonly string[]): void;
  /** Waits for what is under way. */
  stop(): Promise<void>;
}

export function createTidy(deps: RunDeps): Tidy {
  const stopping = new AbortController();
  const written = new Set<string>();
  let commits = 0;
  let work: Promise<unknown> | null = null;
  const tidyUp = async (refs: readonly RelationRef[]) => {
    for (const ref of refs) {
      if (stopping.signal.aborted) return;
      await tidyTable(ref, deps, stopping.signal);
    }
  };
  return {
    committed(tables) {
      commits += 1;
      for (const table of tables) written.add(table);
      if (commits < COMMITS_BETWEEN || work !== null) return;
      commits = 0;
      work = tidyUp([...written].flatMap(refsOf)).finally(() => (work = null));
      written.clear();
    },
    async stop() {
      stopping.abort();
      await work;
    },
  };
}

/** What fails is done by the next one, or by the maintenance of all tables, which says so. */
async function tidyTable(ref: RelationRef, deps: RunDeps, signal: AbortSignal): Promise<void> {
  await compactTable(ref, deps, { dryRun: false, signal }).catch(() => undefined);
  if (!signal.aborted) await thinTable(ref, deps).catch(() => undefined);
}

/** A table, and that of its rejects where there is one. */
function refsOf(table: string): RelationRef[] {
  const [layer = '', name = ''] = table.split('.');
  return isLayer(layer) ? [name, `${name}_rejects`].map((each) => ({ layer, name: each })) : [];
}
