import type { RelationRef } from '@datacraft/shared';
import { relationName } from '@datacraft/shared';
import type { Queryable } from './database.ts';

export interface OnlineRow {
  readonly entity: string;
  /** ISO 8601 */
  readonly at: string;
  /** JSON */
  readonly features: string;
}

/** The latest features of a table's entities, waiting for its publish. */
export interface OnlineDraft {
  readonly rows: readonly OnlineRow[];
  /** They are all of the table; else entities that are not among them stay. */
  readonly whole: boolean;
}

const BATCH = 2000;

/**
 * Moves the online features of a table inside its publish transaction: readers see those of one publish, never half of
 * them. An entity's features are never replaced by older ones.
 */
export async function materializeOnline(
  tx: Queryable,
  ref: RelationRef,
  runId: string,
  draft: OnlineDraft | null,
): Promise<void> {
  const relation = relationName(ref);
  for (let start = 0; start < (draft?.rows.length ?? 0); start += BATCH) {
    const rows = draft?.rows.slice(start, start + BATCH) ?? [];
    await tx.query(
      `insert into online_features as kept (relation, entity, at, features, run_id)
       select $1, entity, at, features::jsonb, $2
         from unnest($3::text[], $4::timestamptz[], $5::text[]) as u (entity, at, features)
       on conflict (relation, entity) do update set run_id = excluded.run_id,
         features = case when excluded.at >= kept.at then excluded.features else kept.features end,
         at = greatest(excluded.at, kept.at)`,
      [relation, runId, rows.map((row) => row.entity), rows.map((row) => row.at), rows.map((row) => row.features)],
    );
  }
  if (draft !== null && !draft.whole) return;
  await tx.query(`delete from online_features where relation = $1 and run_id <> $2`, [relation, runId]);
}

export interface OnlineFeatures {
  readonly features: Readonly<Record<string, unknown>>;
  readonly at: string;
  /** Older than its time to live. */
  readonly expired: boolean;
}

/** What is known of some entities now, by their key. */
export async function loadOnline(
  db: Queryable,
  relation: string,
  entities: readonly string[],
  ttl: string | null,
): Promise<ReadonlyMap<string, OnlineFeatures>> {
  const { rows } = await db.query<{ entity: string; features: Record<string, unknown>; at: Date; expired: boolean }>(
    `select entity, features, at, coalesce(now() - at > $3::text::interval, false) as expired
       from online_features where relation = $1 and entity = any($2)`,
    [relation, [...new Set(entities)], ttl],
  );
  return new Map(
    rows.map(({ entity, features, at, expired }) => [entity, { features, at: at.toISOString(), expired }]),
  );
}
