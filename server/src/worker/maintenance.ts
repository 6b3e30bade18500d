import type { Maintenance, RunDeps } from '@datacraft/engine';
import { maintain } from '@datacraft/engine';
import { isFault } from '@datacraft/shared';
import type { Logger } from 'pino';

const DAY_MS = 24 * 3_600_000;

/** How long the files of an expired snapshot stay: far above the longest read. */
export function graceMsOf(taskTimeoutMs: number): number {
  return Math.max(DAY_MS, 4 * taskTimeoutMs);
}

/** The maintenance that workers do by themselves. */
export async function maintainAll(deps: RunDeps, log: Logger, signal: AbortSignal): Promise<void> {
  try {
    const options = { dryRun: false, graceMs: graceMsOf(deps.limits.taskTimeoutMs), signal };
    tell(await maintain(deps, options), log);
  } catch (error) {
    if (isFault(error, 'conflict')) return;
    log.warn({ err: error }, 'the warehouse was not maintained to its end; it is tried again');
  }
}

function tell({ tables, swept }: Maintenance, log: Logger): void {
  for (const { table, failure } of tables)
    if (failure !== undefined) log.warn({ table, failure }, 'the files of a table were not compacted');
  const compacted = tables.filter((one) => one.compacted !== null).length;
  const expired = tables.reduce((sum, one) => sum + one.expired.snapshots, 0);
  if (compacted + expired + swept.files > 0) log.info({ compacted, expired, ...swept }, 'the warehouse was maintained');
}
