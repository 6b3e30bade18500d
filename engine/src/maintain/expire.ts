import type { RelationRef } from '@datacraft/shared';
import { relationName } from '@datacraft/shared';
import { changeMetadata } from '../iceberg/change-metadata.ts';
import { loadTable } from '../iceberg/load-table.ts';
import { type Long, longOfText } from '../iceberg/long.ts';
import type { Snapshot, TableMetadata } from '../iceberg/metadata.ts';
import { expired, retentionOf, withoutSnapshots } from '../iceberg/retention.ts';
import { addUrls, markUnreferenced } from '../iceberg/sweep.ts';
import { thinnedOut, withThinned } from '../iceberg/thinning.ts';
import type { Queryable } from '../store/database.ts';
import type { MaintainDeps } from './maintain.ts';

export interface Expired {
  readonly snapshots: number;
  readonly kept: number;
}

/** Lets go of the snapshots that nothing keeps. Their files are only marked: the sweep removes them later. */
export function expireTable(
  ref: RelationRef,
  deps: MaintainDeps,
  { dryRun }: { readonly dryRun: boolean },
): Promise<Expired> {
  return letGo(ref, deps, dryRun, {
    gone: (metadata, nowMs, pinned) => expired(metadata, retentionOf(metadata), nowMs, pinned),
    after: (metadata) => metadata,
  });
}

/** Of a table that a stream writes: keeps what its commits write small. */
export function thinTable(ref: RelationRef, deps: ExpireDeps): Promise<Expired> {
  return letGo(ref, deps, false, { gone: thinnedOut, after: withThinned });
}

type ExpireDeps = Pick<MaintainDeps, 'db' | 'lake' | 'now'>;

interface Rule {
  gone(metadata: TableMetadata, nowMs: number, pinned: ReadonlySet<Long>): readonly Snapshot[];
  after(metadata: TableMetadata): TableMetadata;
}

async function letGo(ref: RelationRef, deps: ExpireDeps, dryRun: boolean, rule: Rule): Promise<Expired> {
  const nowMs = deps.now().getTime();
  const table = await loadTable(deps.db, deps.lake, ref);
  if (!table) return { snapshots: 0, kept: 0 };
  const found = rule.gone(table.metadata, nowMs, await pinnedSnapshots(deps.db, ref));
  if (dryRun || found.length === 0)
    return { snapshots: found.length, kept: table.metadata.snapshots.length - found.length };
  return deps.db.transaction(async (tx) => {
    const pinned = await pinnedSnapshots(tx, ref);
    let before = table.metadata;
    let gone = 0;
    const change = (metadata: TableMetadata) => {
      before = metadata;
      const snapshots = rule.gone(metadata, nowMs, pinned);
      gone = snapshots.length;
      const without = withoutSnapshots(metadata, snapshots);
      return without && rule.after(without);
    };
    const after = await changeMetadata(tx, deps.lake, ref, change, { nowMs });
    const [named, still] = [new Set<string>(), new Set<string>()];
    await addUrls(deps.lake, before, named);
    await addUrls(deps.lake, after, still);
    await markUnreferenced(
      tx,
      [...named].filter((url) => !still.has(url)),
      nowMs,
    );
    return { snapshots: gone, kept: after.snapshots.length };
  });
}

/** What models learned from, and what targets of exports were given last, by which what is new for them is told. */
async function pinnedSnapshots(db: Queryable, ref: RelationRef): Promise<Set<Long>> {
  const { rows } = await db.query<{ id: string }>(
    `select distinct snapshots ->> $1 as id from model_versions where snapshots ? $1 and snapshots ->> $1 is not null
     union (select distinct on (target) snapshot_id from exports
             where layer = $2 and name = $3 and state = 'delivered' and snapshot_id is not null
             order by target, updated_at desc)
     union select snapshot_id from stream_exports where layer = $2 and name = $3 and snapshot_id is not null`,
    [relationName(ref), ref.layer, ref.name],
  );
  return new Set(rows.flatMap(({ id }) => longOfText(id) ?? []));
}
