import type { RelationRef } from '@datacraft/shared';
import { compactTable } from '../maintain/compact.ts';
import type { RunDeps } from '../run/context.ts';

const COMMITS_BETWEEN = 64;

/** Writes the small files that commits leave as fewer, beside the stream: the rows stay the same. */
export interface Tidy {
  committed(): void;
  /** Waits for what is under way. */
  stop(): Promise<void>;
}

export function createTidy(ref: RelationRef, deps: RunDeps): Tidy {
  const stopping = new AbortController();
  let commits = 0;
  let work: Promise<unknown> | null = null;
  return {
    committed() {
      commits += 1;
      if (commits < COMMITS_BETWEEN || work !== null) return;
      commits = 0;
      // What fails is done by the next one, or by the maintenance of all tables, which says so.
      work = compactTable(ref, deps, { dryRun: false, signal: stopping.signal })
        .catch(() => undefined)
        .finally(() => (work = null));
    },
    async stop() {
      stopping.abort();
      await work;
    },
  };
}
