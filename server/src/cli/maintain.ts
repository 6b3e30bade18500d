import { maintain as maintainTables, spanMs } from '@datacraft/engine';
import type { Maintenance } from '@datacraft/engine';
import { loadConfig } from '../config.ts';
import { graceMsOf } from '../worker/maintenance.ts';
import { readArguments } from './arguments.ts';
import { auditCommand } from './audit-command.ts';
import type { Output } from './output.ts';
import { exitCodes, textTable } from './output.ts';
import { refOf } from './table.ts';
import { openWorkspace } from './workspace.ts';

/** `datacraft maintain [layer.name…] [--dry-run] [--grace LENGTH] [--json]`: expire, compact, remove what nothing names. */
export async function maintain(args: readonly string[], output: Output): Promise<number> {
  const read = readArguments(args, {
    'data-dir': { type: 'string' },
    'dry-run': { type: 'boolean' },
    grace: { type: 'string' },
    json: { type: 'boolean' },
  });
  const tables = read.positionals.map((text) => refOf(text, 'maintain'));
  const dryRun = read.flag('dry-run');
  const grace = read.text('grace');
  const workspace = await openWorkspace(loadConfig(process.env, { dataDir: read.text('data-dir') }));
  try {
    const graceMs = grace === undefined ? graceMsOf(workspace.deps.limits.taskTimeoutMs) : spanMs(grace);
    const done = await maintainTables(workspace.deps, { dryRun, graceMs, ...(tables.length === 0 ? {} : { tables }) });
    if (!dryRun) {
      const all = tables.length === 0 ? 'all' : read.positionals.join(' ');
      await auditCommand(workspace.pool, 'table-maintain', all, { filesRemoved: done.swept.files });
    }
    output.out(read.flag('json') ? JSON.stringify({ dryRun, ...done }) : report(done, dryRun));
    return exitCodes.done;
  } finally {
    await workspace.close();
  }
}

function report({ tables, swept }: Maintenance, dryRun: boolean): string {
  const rows = tables.map(({ table, compacted, expired, failure }) => [
    table,
    compacted ? `${compacted.filesBefore} to ${compacted.filesAfter}` : (failure ?? ''),
    `${expired.snapshots}`,
    `${expired.kept}`,
  ]);
  const verb = dryRun ? 'would be removed' : 'removed';
  const rest = swept.waiting === 0 ? '' : `; ${swept.waiting} more wait until readers have had their time`;
  return `${textTable(['table', 'files', 'expired', 'kept'], rows)}\n${swept.files} files ${verb} (${(swept.sizeBytes / 1e6).toFixed(1)} MB)${rest}`;
}
