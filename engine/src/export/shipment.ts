import type { Column, RelationRef } from '@datacraft/shared';
import { Fault, relationName, say } from '@datacraft/shared';
import type { DuckSession } from '../duckdb/session.ts';
import { withPrivateSession } from '../query/private-session.ts';
import type { RunDeps } from '../run/context.ts';
import type { QueryDeps } from '../query/query.ts';
import { openRelations } from '../run/warehouse.ts';
import type { RemoteAccess } from '../source/source.ts';
import { loadRelations } from '../store/relations.ts';
import { addedSince } from './added-since.ts';

/** One table on its way to one target. */
export interface Shipment {
  readonly ref: RelationRef;
  readonly uniqueKey: string | readonly string[] | undefined;
  /** The snapshot that the target was last known to hold, for targets without a ledger of their own. */
  readonly before: string | null;
  /** The run that sends it, what people call its notebook and say of its cell. Absent of live streams. */
  readonly sender?: {
    readonly runId: string;
    readonly notebookId: string | null;
    readonly title: string;
    readonly description: string | null;
  };
  readonly deps: RunDeps & QueryDeps;
  readonly signal: AbortSignal;
}

export interface Shipped {
  readonly snapshotId: string;
  readonly rows: number;
}

/** Which rows go: all, those that `before` has not, or those of files that were added since and nothing else happened. */
export type Change =
  | { readonly kind: 'all' }
  | { readonly kind: 'since'; readonly snapshotId: string }
  | { readonly kind: 'added'; readonly scan: string; readonly files: readonly string[] };

/** What is published now, ready to be read: `__now`, and `__before` where rows are told apart by it. */
export interface OpenShipment {
  readonly session: DuckSession;
  readonly dir: string;
  readonly select: string;
  readonly columns: readonly Column[];
  readonly hasBefore: boolean;
}

export async function currentSnapshot({ ref, deps }: Shipment): Promise<string> {
  const found = (await loadRelations(deps.db, [ref])).get(relationName(ref));
  if (found?.snapshotId) return found.snapshotId;
  throw new Fault('not-found', say('{table} is not published; run its cell', { table: relationName(ref) }));
}

export async function changeSince({ ref, deps }: Shipment, snapshotId: string, since: string | null): Promise<Change> {
  if (since === null) return { kind: 'all' };
  const added = await addedSince(ref, { now: snapshotId, since }, deps);
  return added ? { kind: 'added', ...added } : { kind: 'since', snapshotId: since };
}

export async function withRows<Result>(
  { ref, deps, signal }: Shipment,
  snapshotId: string,
  change: Change,
  use: (open: OpenShipment) => Promise<Result>,
): Promise<Result> {
  const now = await opened(ref, deps, snapshotId);
  const before = change.kind === 'since' ? await opened(ref, deps, change.snapshotId) : null;
  const added = change.kind === 'added' ? change.files : [];
  const readable = [...now.files, ...(before?.files ?? []), ...added];
  return withPrivateSession({ readable, signal }, deps, async (session, dir) => {
    for (const { sql } of [...(now.setup ?? []), ...(before?.setup ?? [])]) await session.run(sql);
    await session.run(`create view "__now" as ${now.scan}`);
    if (before) await session.run(`create view "__before" as ${before.scan}`);
    const columns = await session.describe('select * from "__now"');
    const all = change.kind === 'added' ? change.scan : 'select * from "__now"';
    const select = before ? await newRows(session, columns) : all;
    return use({ session, dir, select, columns, hasBefore: before !== null });
  });
}

async function newRows(session: DuckSession, columns: readonly Column[]): Promise<string> {
  const known = new Set((await session.describe('select * from "__before"')).map(({ name }) => name));
  const list = columns.map(({ name }) => `"${name.replaceAll('"', '""')}"`);
  const then = columns.map(({ name }, at) => (known.has(name) ? (list[at] ?? '') : `null as ${list[at] ?? ''}`));
  return `select ${list.join(', ')} from "__now" except all select ${then.join(', ')} from "__before"`;
}

async function opened(ref: RelationRef, deps: RunDeps & QueryDeps, snapshotId: string) {
  const found = (await openRelations([ref], deps, { snapshotId })).get(relationName(ref));
  if (found) return found;
  throw new Fault(
    'not-found',
    say(
      '{table} has no snapshot {snapshotId} any more, so that what is new since it cannot be told; export it to another place',
      { table: relationName(ref), snapshotId },
    ),
  );
}

export function remoteOf({ deps }: Shipment): RemoteAccess {
  if (deps.remote) return deps.remote;
  throw new Fault('unsupported', 'nothing may be sent from here: connections and secrets are of the server');
}
