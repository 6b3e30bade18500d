/** What is to blame: the notebook furthest upstream whose last run failed, by the lineage of published tables. */
import type { Queryable } from '@datacraft/engine';
import { listRelations } from '@datacraft/engine';
import { relationName } from '@datacraft/shared';

export interface Lineage {
  /** The owners whose last finished run failed. */
  readonly failed: ReadonlySet<string>;
  /** By owner: the owners of the tables it reads. */
  readonly reads: ReadonlyMap<string, ReadonlySet<string>>;
  readonly ownerOf: ReadonlyMap<string, string>;
  readonly titles: ReadonlyMap<string, string>;
}

export async function loadLineage(db: Queryable): Promise<Lineage> {
  const relations = await listRelations(db);
  const ownerOf = new Map(relations.map((each) => [relationName(each.ref), each.ownerKey]));
  const reads = new Map<string, Set<string>>();
  for (const { ownerKey, upstream } of relations)
    for (const name of Object.keys(upstream)) {
      const from = ownerOf.get(name);
      if (from === undefined || from === ownerKey) continue;
      const known = reads.get(ownerKey) ?? new Set();
      reads.set(ownerKey, known.add(from));
    }
  const { rows } = await db.query<{ owner_key: string; title: string | null }>(
    `select last.owner_key, n.title from (
       select distinct on (owner_key) owner_key, state, notebook_id from runs
        where state in ('succeeded', 'failed') and trigger <> 'backfill' and environment is null order by owner_key, finished_at desc) last
       left join notebooks n on n.id = last.notebook_id where last.state = 'failed' and (n.id is null or n.deleted_at is null)`,
  );
  const titles = new Map(relations.map((each) => [each.ownerKey, each.ownerTitle]));
  for (const { owner_key: key, title } of rows) if (title !== null) titles.set(key, title);
  return { failed: new Set(rows.map((row) => row.owner_key)), reads, ownerOf, titles };
}

/** The owner at fault for `owner`; null when nothing at or above it has failed. */
export function rootOf(owner: string, { failed, reads }: Pick<Lineage, 'failed' | 'reads'>): string | null {
  let root = failed.has(owner) ? owner : null;
  const seen = new Set([owner]);
  let level = [owner];
  while (level.length > 0) {
    const above = new Set(level.flatMap((each) => [...(reads.get(each) ?? [])]).filter((each) => !seen.has(each)));
    level = [...above].toSorted();
    for (const each of level) seen.add(each);
    root = level.find((each) => failed.has(each)) ?? root;
  }
  return root;
}

/** What alerts about `owner` are told under: the failure at their root, else that it is late. */
export function causeOf(owner: string, lineage: Lineage): { readonly cause: string; readonly upstream?: string } {
  const root = rootOf(owner, lineage);
  if (root === null) return { cause: `late:${owner}` };
  return { cause: `failed:${root}`, ...(root === owner ? {} : { upstream: lineage.titles.get(root) ?? root }) };
}
