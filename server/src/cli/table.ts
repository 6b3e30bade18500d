import type { RelationRef, Retention } from '@datacraft/shared';
import { Fault, isLayer } from '@datacraft/shared';
import {
  asOfText,
  diffTable,
  loadTable,
  removeTag,
  retentionOf,
  revert,
  setRetention,
  snapshotsOf,
  tagSnapshot,
} from '@datacraft/engine';
import { loadConfig } from '../config.ts';
import { auditCommand } from './audit-command.ts';
import type { Arguments } from './arguments.ts';
import { readArguments } from './arguments.ts';
import type { Output } from './output.ts';
import { exitCodes, textTable } from './output.ts';
import type { Workspace } from './workspace.ts';
import { openWorkspace } from './workspace.ts';

/** `datacraft snapshots layer.name [--json]`: the states of a table, newest first. */
export async function snapshots(args: readonly string[], output: Output): Promise<number> {
  return withTable(args, 'snapshots', {}, output, async ({ read, ref, workspace }) => {
    const table = await loadTable(workspace.deps.db, workspace.deps.lake, ref);
    if (!table) throw new Fault('not-found', `there is no table ${ref.layer}.${ref.name}`);
    const found = snapshotsOf(table).map((each) => ({
      ...each,
      committedAt: new Date(each.committedAtMs).toISOString(),
    }));
    if (read.flag('json')) return JSON.stringify(found);
    const rows = found.map((each) => [
      each.snapshotId,
      each.committedAt,
      each.operation,
      `${each.rows}`,
      `${each.addedRows}`,
      `${each.deletedRows}`,
      each.tags.join(', '),
    ]);
    return textTable(['snapshot', 'at', 'operation', 'rows', 'added', 'deleted', 'tags'], rows);
  });
}

/** `datacraft diff layer.name --from T|ID|TAG [--to T|ID|TAG] [--key a,b] [--json]`: what changed, row by row. */
export async function diff(args: readonly string[], output: Output): Promise<number> {
  const options = {
    from: { type: 'string' },
    to: { type: 'string' },
    key: { type: 'string' },
    limit: { type: 'string' },
  } as const;
  return withTable(args, 'diff', options, output, async ({ read, ref, workspace }) => {
    const from = read.text('from');
    if (from === undefined) throw new Fault('bad-request', 'diff needs --from, a snapshot id, a tag or a time');
    const to = read.text('to');
    const key = (read.text('key') ?? '')
      .split(',')
      .map((one) => one.trim())
      .filter(Boolean);
    const limit = Number(read.text('limit') ?? 100);
    if (!Number.isInteger(limit) || limit < 0) throw new Fault('bad-request', '--limit expects a whole number');
    const request = { ref, from: asOfText(from), key, limit, ...(to === undefined ? {} : { to: asOfText(to) }) };
    const found = await diffTable(request, workspace.deps);
    if (read.flag('json')) return JSON.stringify(found);
    const { added, removed, changed, same, sample } = found;
    const rows = sample.rows.map((row) =>
      row.map((value) =>
        value === null
          ? 'NULL'
          : typeof value === 'object'
            ? JSON.stringify(value)
            : String(value as string | number | boolean),
      ),
    );
    return `${added} added, ${removed} removed, ${changed} changed, ${same} the same\n${textTable(
      sample.columns.map(({ name }) => name),
      rows,
    )}`;
  });
}

/** `datacraft tag layer.name TAG [--snapshot ID] [--delete]`: a name for a snapshot, which keeps it. */
export async function tag(args: readonly string[], output: Output): Promise<number> {
  const options = { snapshot: { type: 'string' }, delete: { type: 'boolean' } } as const;
  return withTable(args, 'tag', options, output, async ({ read, ref, workspace }) => {
    const [, name] = read.positionals;
    if (name === undefined)
      throw new Fault('bad-request', 'tag takes a table and a name: datacraft tag gold.sales month_end');
    const table = `${ref.layer}.${ref.name}`;
    if (read.flag('delete')) {
      await removeTag(ref, name, workspace.deps);
      await auditCommand(workspace.pool, 'table-untag', table, { tag: name });
      return `${table} has no tag ${name} any more`;
    }
    const found = await loadTable(workspace.deps.db, workspace.deps.lake, ref);
    if (!found) throw new Fault('not-found', `there is no table ${table}`);
    const snapshotId = read.text('snapshot') ?? found.snapshotId;
    await tagSnapshot(ref, name, snapshotId, workspace.deps);
    await auditCommand(workspace.pool, 'table-tag', table, { tag: name, snapshotId });
    return `${name} is snapshot ${snapshotId} of ${table}`;
  });
}

/** `datacraft retain layer.name [--days N] [--snapshots N] [--all]`: how much of a table's past is kept. */
export async function retain(args: readonly string[], output: Output): Promise<number> {
  const options = { days: { type: 'string' }, snapshots: { type: 'string' }, all: { type: 'boolean' } } as const;
  return withTable(args, 'retain', options, output, async ({ read, ref, workspace }) => {
    const number = (name: 'days' | 'snapshots') => (read.text(name) === undefined ? null : Number(read.text(name)));
    const asked = { days: number('days'), snapshots: number('snapshots') };
    const change = asked.days !== null || asked.snapshots !== null || read.flag('all');
    const table = await loadTable(workspace.deps.db, workspace.deps.lake, ref);
    if (!table) throw new Fault('not-found', `there is no table ${ref.layer}.${ref.name}`);
    const now = change ? await setRetention(ref, asked, workspace.deps) : retentionOf(table.metadata);
    if (change) await auditCommand(workspace.pool, 'table-retention', `${ref.layer}.${ref.name}`);
    if (read.flag('json')) return JSON.stringify(now);
    return `${ref.layer}.${ref.name} keeps ${retentionWords(now)}, and what is tagged`;
  });
}

function retentionWords({ days, snapshots }: Retention): string {
  const rules = [
    ...(days === null ? [] : [`${days} days`]),
    ...(snapshots === null ? [] : [`the newest ${snapshots} snapshots`]),
  ];
  return rules.length === 0 ? 'all of its past' : rules.join(' and ');
}

/** `datacraft rollback layer.name SNAPSHOT_ID [--json]`: an earlier state, as a new one. */
export async function rollback(args: readonly string[], output: Output): Promise<number> {
  return withTable(args, 'rollback', {}, output, async ({ read, ref, workspace }) => {
    const [, snapshotId] = read.positionals;
    if (snapshotId === undefined || !/^\d+$/.test(snapshotId))
      throw new Fault(
        'bad-request',
        'rollback takes a table and one of its snapshots: datacraft rollback silver.orders 123',
      );
    const committed = await revert(ref, snapshotId, workspace.deps);
    await auditCommand(workspace.pool, 'table-rollback', `${ref.layer}.${ref.name}`, { snapshotId });
    if (read.flag('json')) return JSON.stringify({ snapshotId: committed.snapshotId, rows: committed.rows });
    return `${ref.layer}.${ref.name} has the ${committed.rows} rows of snapshot ${snapshotId} again, as snapshot ${committed.snapshotId}`;
  });
}

interface Work {
  readonly read: Arguments;
  readonly ref: RelationRef;
  readonly workspace: Workspace;
}

type Options = Parameters<typeof readArguments>[1];

async function withTable(
  args: readonly string[],
  command: string,
  options: Options,
  output: Output,
  work: (work: Work) => Promise<string>,
): Promise<number> {
  const read = readArguments(args, { ...options, 'data-dir': { type: 'string' }, json: { type: 'boolean' } });
  const ref = refOf(read.positionals[0], command);
  const workspace = await openWorkspace(loadConfig(process.env, { dataDir: read.text('data-dir') }));
  try {
    output.out(await work({ read, ref, workspace }));
    return exitCodes.done;
  } finally {
    await workspace.close();
  }
}

export function refOf(text: string | undefined, command: string): RelationRef {
  const [layer = '', name] = (text ?? '').split('.');
  if (name !== undefined && isLayer(layer)) return { layer, name };
  throw new Fault('bad-request', `${command} takes a table as layer.name, such as silver.orders`);
}
