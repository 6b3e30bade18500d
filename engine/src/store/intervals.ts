import type { RelationRef } from '@datacraft/shared';
import { relationName } from '@datacraft/shared';
import type { OwedInterval } from '../materialize/interval.ts';
import type { Queryable } from './database.ts';

/** Beginnings, in epoch ms, of the intervals that a table has: those it has whole, and those made before their end. */
export interface Recorded {
  readonly complete: Set<number>;
  readonly partial: Set<number>;
}

/** By `layer.name`. */
export async function loadRecorded(db: Queryable, refs: readonly RelationRef[]): Promise<Map<string, Recorded>> {
  if (refs.length === 0) return new Map();
  const { rows } = await db.query<{ relation: string; start_at: Date; is_partial: boolean }>(
    `select layer || '.' || name as relation, start_at, is_partial from intervals where (layer || '.' || name) = any($1)`,
    [refs.map(relationName)],
  );
  const recorded = new Map<string, Recorded>();
  for (const { relation, start_at: at, is_partial: isPartial } of rows) {
    const of = recorded.get(relation) ?? { complete: new Set(), partial: new Set() };
    (isPartial ? of.partial : of.complete).add(at.getTime());
    recorded.set(relation, of);
  }
  return recorded;
}

/** Part of the publish transaction. `anew`: the table begins anew, and what it had is forgotten. */
export async function recordIntervals(
  tx: Queryable,
  ref: RelationRef,
  runId: string,
  { made, anew }: { readonly made: readonly OwedInterval[]; readonly anew: boolean },
): Promise<void> {
  if (anew) await tx.query('delete from intervals where layer = $1 and name = $2', [ref.layer, ref.name]);
  if (made.length === 0) return;
  const instants = (of: (interval: OwedInterval) => number) =>
    made.map((interval) => new Date(of(interval)).toISOString());
  await tx.query(
    `insert into intervals (layer, name, start_at, end_at, run_id, is_partial)
     select $1, $2, span.start_at, span.end_at, $3, span.is_partial
       from unnest($4::timestamptz[], $5::timestamptz[], $6::boolean[]) as span (start_at, end_at, is_partial)
     on conflict (layer, name, start_at) do update
        set run_id = $3, end_at = excluded.end_at, is_partial = excluded.is_partial, recorded_at = now()`,
    [
      ref.layer,
      ref.name,
      runId,
      instants(({ startMs }) => startMs),
      instants(({ endMs }) => endMs),
      made.map(({ isPartial }) => isPartial),
    ],
  );
}
