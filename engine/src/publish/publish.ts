/**
 * Write, audit, publish: the only way to a published table.
 *
 * P1  One PostgreSQL transaction moves every table of a run: their metadata pointers, what each name means, and the
 *     checks that let it pass. Before its commit nothing is visible; after it everything is (I1).
 * P2  The transaction begins by proving the lease: a worker that lost it publishes nothing (I5).
 * P3  A run publishes once: asked again, because nobody heard the answer, it answers what the first time made. What it
 *     came to (`conclude`) is in the same transaction: a run that published is never seen unfinished.
 * P4  Rows that were made from a table's earlier rows are published only over that very state of it.
 * P5  A branch or an environment publishes into its own names alone, and nobody else does.
 */
import type { CheckReport, Column, JsonObject, RelationRef } from '@datacraft/shared';
import { Fault, isSpace, relationName, say } from '@datacraft/shared';
import { commitTables } from '../iceberg/commit.ts';
import type { CommittedTable, StagedTable } from '../iceberg/table.ts';
import type { Lake } from '../lake/lake.ts';
import type { OwedInterval } from '../materialize/interval.ts';
import { recordCheck } from '../store/checks.ts';
import type { Database, Queryable } from '../store/database.ts';
import type { OnlineDraft } from '../store/online-features.ts';
import { materializeOnline } from '../store/online-features.ts';
import { recordIntervals } from '../store/intervals.ts';
import type { Definition, Owner } from '../store/relations.ts';
import { loadRelations, publishedByRun, publishRelation } from '../store/relations.ts';
import type { LaneFacts } from '../store/stream-lanes.ts';
import type { ModelDraft } from '../store/models.ts';
import { registerModel } from '../store/models.ts';
import type { Lease } from '../store/lease.ts';
import { holdLease } from '../store/lease.ts';

/** One cell's result, written and judged, waiting for the run's commit. */
export interface Publication {
  readonly ref: RelationRef;
  readonly cell: string;
  readonly kind: 'table' | 'view';
  /** Null for views. */
  readonly staged: StagedTable | null;
  /** Of sources: rows of `staged` that were not in the table before. */
  readonly added?: number;
  /** The snapshot whose rows went into it, null for none; undefined when it holds no earlier rows. */
  readonly basedOn: string | null | undefined;
  /** Rejects and quarantine tables: published with the cell, named after it. */
  readonly side: readonly StagedTable[];
  /** With `basedOn`, of a source: how far it had been read when this began. */
  readonly readFrom?: JsonObject | null;
  /** Another table whose rows went into it, and the snapshot of it: as `basedOn`. */
  readonly alsoBasedOn?: { readonly ref: RelationRef; readonly snapshotId: string | null };
  readonly definition: Definition;
  readonly fingerprint: string;
  readonly upstream: Readonly<Record<string, string>>;
  readonly columns: readonly Column[];
  readonly rows: number;
  readonly rejected: number;
  /** Of a stream: the same by partition. */
  readonly lanes?: readonly LaneFacts[];
  readonly checks: readonly CheckReport[];
  /** Of a cell that records them: the intervals whose rows are in it now. */
  readonly intervals?: { readonly made: readonly OwedInterval[]; readonly anew: boolean };
  /** Of feature tables: the latest features of each entity. */
  readonly online?: OnlineDraft;
  /** Of model cells: the version that is registered with the rows it scored. */
  readonly model?: ModelDraft;
}

export interface PublishDeps {
  readonly db: Database;
  readonly lake: Lake;
  readonly now: () => Date;
  /** The branch or the environment that this publishes in. */
  readonly space?: string;
  /** Writes how the run ended, in the publish transaction. */
  readonly conclude?: (tx: Queryable, committed: Committed) => Promise<void>;
}

/** The committed snapshot by `layer.name`, null for views. */
export type Committed = ReadonlyMap<string, string | null>;

/** Answers the committed snapshot by `layer.name`, null for views. Throws `lease-lost`, `table-owned`, `publish-conflict`. */
export async function publish(
  publications: readonly Publication[],
  owner: Owner,
  lease: Lease,
  deps: PublishDeps,
): Promise<Committed> {
  return deps.db.transaction(async (tx) => {
    const lock = await holdLease(tx, lease);
    const before = await publishedByRun(tx, lease.runId);
    if (lock === 'ended') return before;
    if (before.size === 0) return moveTables(publications, owner, lease, deps, tx);
    await deps.conclude?.(tx, before);
    return before;
  });
}

/** As `publish`, again and again under one id: `hold` proves in each transaction that the caller may (P2). */
export async function publishAgain(
  publications: readonly Publication[],
  owner: Owner,
  work: { readonly runId: string; hold(tx: Queryable): Promise<void> },
  deps: PublishDeps,
): Promise<Committed> {
  return deps.db.transaction(async (tx) => {
    await work.hold(tx);
    return moveTables(publications, owner, work, deps, tx);
  });
}

/** The statements of the transaction go on while the disk takes the files: it commits when both are done. */
async function moveTables(
  publications: readonly Publication[],
  owner: Owner,
  lease: Pick<Lease, 'runId'>,
  deps: PublishDeps,
  tx: Queryable,
): Promise<Committed> {
  await refuseOtherSpace(tx, owner, deps.space);
  const staged = publications.flatMap((publication) => [
    ...(publication.staged ? [publication.staged] : []),
    ...publication.side,
  ]);
  const options = { nowMs: deps.now().getTime(), summary: summaries(publications, lease) };
  const committed = await commitTables(tx, deps.lake, staged, options, async (tables) => {
    const byName = namedTables(tables);
    await refuseMoved(tx, publications);
    for (const publication of publications) await record(tx, publication, owner, lease, byName);
    await deps.conclude?.(tx, snapshotsOf(publications, byName));
  });
  return snapshotsOf(publications, namedTables(committed));
}

function namedTables(tables: readonly CommittedTable[]): ReadonlyMap<string, CommittedTable> {
  return new Map(tables.map((table) => [relationName(table.ref), table]));
}

function snapshotsOf(publications: readonly Publication[], byName: ReadonlyMap<string, CommittedTable>): Committed {
  return new Map(publications.map(({ ref }) => [relationName(ref), byName.get(relationName(ref))?.snapshotId ?? null]));
}

/** P5: whoever opened the transaction and whoever publishes are of one space, or both of main. */
async function refuseOtherSpace(tx: Queryable, { notebookId }: Owner, space?: string): Promise<void> {
  const { rows } = await tx.query<{ schema: string | null }>('select current_schema() as schema');
  const schema = rows[0]?.schema ?? null;
  const own = space ?? (isSpace(notebookId) ? notebookId : null);
  if ((isSpace(schema) ? schema : null) === own) return;
  throw new Fault(
    'internal',
    `a run of ${notebookId ?? 'a file'} in ${own ?? 'main'} was about to publish into ${schema ?? 'nothing'}`,
  );
}

/** The tables are locked by now: nobody moves them before this transaction ends. */
async function refuseMoved(tx: Queryable, publications: readonly Publication[]): Promise<void> {
  const based = publications.flatMap(({ ref, basedOn, readFrom, alsoBasedOn }) => [
    ...(basedOn === undefined ? [] : [{ ref, basedOn, readFrom }]),
    ...(alsoBasedOn === undefined
      ? []
      : [{ ref: alsoBasedOn.ref, basedOn: alsoBasedOn.snapshotId, readFrom: undefined }]),
  ]);
  if (based.length === 0) return;
  const now = await loadRelations(
    tx,
    based.map(({ ref }) => ref),
  );
  for (const { ref, basedOn, readFrom } of based) {
    const name = relationName(ref);
    const { snapshotId = null, definition = null } = now.get(name) ?? {};
    const isMoved = readFrom !== undefined && !sameState(definition?.source?.state ?? null, readFrom);
    if (snapshotId === basedOn && !isMoved) continue;
    throw new Fault(
      'publish-conflict',
      say('{name} was changed by another run while this one added to it; run it again', { name }),
      {
        relation: name,
      },
    );
  }
}

/** Both come from the same column: equal texts are equal states. */
function sameState(a: JsonObject | null, b: JsonObject | null): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function summaries(
  publications: readonly Publication[],
  lease: Pick<Lease, 'runId'>,
): Record<string, Record<string, string>> {
  return Object.fromEntries(
    publications.flatMap((publication) =>
      [publication.ref, ...publication.side.map((side) => side.ref)].map((ref) => [
        relationName(ref),
        {
          'datacraft.run-id': lease.runId,
          'datacraft.cell': publication.cell,
          'datacraft.fingerprint': publication.fingerprint,
          ...offsetsOf(publication),
        },
      ]),
    ),
  );
}

/** Of streams, where the next rows begin: what was published with these. */
function offsetsOf({ definition }: Publication): Record<string, string> {
  const { offsets, seq, made } = definition.source?.state ?? {};
  const state = offsets ?? seq ?? made;
  return state === undefined || state === null ? {} : { 'datacraft.offsets': JSON.stringify(state) };
}

async function record(
  tx: Queryable,
  publication: Publication,
  owner: Owner,
  lease: Pick<Lease, 'runId'>,
  committed: ReadonlyMap<string, CommittedTable>,
): Promise<void> {
  const base = {
    cell: publication.cell,
    fingerprint: publication.fingerprint,
    runId: lease.runId,
    upstream: publication.upstream,
  };
  await publishRelation(tx, owner, {
    ...base,
    ref: publication.ref,
    kind: publication.kind,
    definition: publication.definition,
    snapshotId: committed.get(relationName(publication.ref))?.snapshotId ?? null,
    rows: publication.rows,
    rejected: publication.rejected,
    columns: publication.columns,
  });
  if (publication.intervals) await recordIntervals(tx, publication.ref, lease.runId, publication.intervals);
  if (publication.kind === 'table')
    await materializeOnline(tx, publication.ref, lease.runId, publication.online ?? null);
  if (publication.model) {
    const { ref, fingerprint, model: draft } = publication;
    const snapshots = Object.fromEntries(
      Object.entries(draft.reads).map(([name, before]) => [name, committed.get(name)?.snapshotId ?? before]),
    );
    await registerModel(tx, owner, { ref, draft, fingerprint, runId: lease.runId, snapshots });
  }
  for (const side of publication.side) {
    await publishRelation(tx, owner, {
      ...base,
      ref: side.ref,
      kind: 'table',
      definition: null,
      snapshotId: committed.get(relationName(side.ref))?.snapshotId ?? null,
      rows: side.totalRows,
      rejected: 0,
      columns: side.columns,
    });
  }
  for (const check of publication.checks) await recordCheck(tx, lease.runId, publication.ref, check);
}
