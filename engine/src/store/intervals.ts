import type { RelationRef } from '@datacraft/shared';
import { relationName } from '@datacraft/shared';
import type { Interval } from '../materialize/interval.ts';
import type { Queryable } from './database.ts';

/** Beginnings, in epoch ms, of the intervals that tables have, by `layer.name`. */
export async function loadCovered(db: Queryable, refs: readonly RelationRef[]): Promise<Map<string, Set<number>>> {
  if (refs.length === 0) return new Map();
  const { rows } = await db.query<{ relation: string; start_at: Date }>(
    `select layer || '.' || name as relation, start_at from intervals where (layer || '.' || name) = any($1)`,
    [refs.map(relationName)],
  );
  const covered = new Map<string, Set<number>>();
  for (const { relation, start_at: at } of rows)
    covered.set(relation, (covered.get(relation) ?? new Set()).add(at.getTime()));
  return covered;
}

/** Part of the publish transaction. `anew`: the table begins anew, and what it had is forgotten. */
export async function recordIntervals(
  tx: Queryable,
  ref: RelationRef,
  runId: string,
  { made, anew }: { readonly made: readonly Interval[]; readonly anew: boolean },
): Promise<void> {
  if (anew) await tx.query('delete from intervals where layer = $1 and name = $2', [ref.layer, ref.name]);
  if (made.length === 0) return;
  const instants = (of: (interval: Interval) => number) => made.map((interval) => new Date(of(interval)).toISOString());
  await tx.query(
    `insert into intervals (layer, name, start_at, end_at, run_id)
     select $1, $2, span.start_at, span.end_at, $3 from unnest($4::timestamptz[], $5::timestamptz[]) as span (start_at, end_at)
     on conflict (layer, name, start_at) do update set run_id = $3, end_at = excluded.end_at, recorded_at = now()`,
    [ref.layer, ref.name, runId, instants(({ startMs }) => startMs), instants(({ endMs }) => endMs)],
  );
}
