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
  const seq = draft === null ? await endState(tx, relation) : await nextState(tx, relation, draft.whole);
  for (let start = 0; start < (draft?.rows.length ?? 0); start += BATCH) {
    const rows = draft?.rows.slice(start, start + BATCH) ?? [];
    await tx.query(
      `insert into online_features as kept (relation, entity, at, features, run_id, seq)
       select $1, entity, at, features::jsonb, $2, $6
         from unnest($3::text[], $4::timestamptz[], $5::text[]) as u (entity, at, features)
       on conflict (relation, entity) do update set run_id = excluded.run_id, seq = excluded.seq,
         features = case when excluded.at >= kept.at then excluded.features else kept.features end,
         at = greatest(excluded.at, kept.at)`,
      [relation, runId, rows.map((row) => row.entity), rows.map((row) => row.at), rows.map((row) => row.features), seq],
    );
  }
  if (seq === null || (draft !== null && !draft.whole)) return;
  await tx.query(`delete from online_features where relation = $1 and seq <> $2`, [relation, seq]);
}

async function nextState(tx: Queryable, relation: string, whole: boolean): Promise<string | null> {
  const { rows } = await tx.query<{ seq: string }>(
    `insert into online_tables as kept (relation, seq) values ($1, 1) on conflict (relation) do update
       set seq = kept.seq + 1, mark = gen_random_uuid(), before = case when $2 then null else kept.mark end
     returning seq`,
    [relation, whole],
  );
  return rows[0]?.seq ?? null;
}

/** The row stays, so that a feature table of this name goes on counting. Null when there never was one. */
async function endState(tx: Queryable, relation: string): Promise<string | null> {
  const { rows } = await tx.query<{ seq: string }>(
    `update online_tables set seq = seq + 1, mark = gen_random_uuid(), before = null where relation = $1 returning seq`,
    [relation],
  );
  return rows[0]?.seq ?? null;
}

export interface OnlineFeatures {
  readonly features: Readonly<Record<string, unknown>>;
  /** ISO 8601 */
  readonly at: string;
}

/** Which publish the online features of a table are of. */
export interface OnlineState {
  /** Equal for equal features alone. */
  readonly token: string;
  readonly place: string;
  readonly seq: string;
  /** The token of the state that this one only added to. */
  readonly before: string | null;
}

const STATE = `place, seq, seq || ':' || mark as token, (seq - 1) || ':' || before as before`;

/** Null when the table never was online. */
export async function onlineState(db: Queryable, relation: string): Promise<OnlineState | null> {
  const { rows } = await db.query<OnlineState & object>(`select ${STATE} from online_tables where relation = $1`, [
    relation,
  ]);
  return rows[0] ?? null;
}

export async function onlineRelations(db: Queryable): Promise<string[]> {
  const { rows } = await db.query<{ relation: string }>('select relation from online_tables order by relation');
  return rows.map(({ relation }) => relation);
}

export interface OnlineAnswer {
  /** Of what state it is; null when the table never was online. */
  readonly token: string | null;
  /** By the entity's key, of those that are known. */
  readonly known: ReadonlyMap<string, OnlineFeatures>;
}

/** What is known of some entities now, with the state it is of, in one look. */
export async function loadOnline(db: Queryable, relation: string, entities: readonly string[]): Promise<OnlineAnswer> {
  const { rows } = await db.query<{
    token: string;
    entity: string | null;
    features: Record<string, unknown>;
    at: Date;
  }>(
    `select t.seq || ':' || t.mark as token, f.entity, f.features, f.at
       from online_tables t left join online_features f on f.relation = t.relation and f.entity = any($2)
      where t.relation = $1`,
    [relation, [...new Set(entities)]],
  );
  const known = rows.flatMap(({ entity, features, at }): [string, OnlineFeatures][] =>
    entity === null ? [] : [[entity, { features, at: at.toISOString() }]],
  );
  return { token: rows[0]?.token ?? null, known: new Map(known) };
}

/** Entities after one in their order, at most `most`; those alone that the publish `seq` wrote, when it is given. */
export async function onlinePage(
  tx: Queryable,
  relation: string,
  { after, seq, most }: { readonly after: string; readonly seq: string | null; readonly most: number },
): Promise<(OnlineFeatures & { readonly entity: string })[]> {
  const { rows } = await tx.query<{ entity: string; features: Record<string, unknown>; at: Date }>(
    `select entity, features, at from online_features
      where relation = $1 and entity > $2 and ($3::bigint is null or seq = $3) order by entity limit $4`,
    [relation, after, seq, most],
  );
  return rows.map(({ entity, features, at }) => ({ entity, features, at: at.toISOString() }));
}
