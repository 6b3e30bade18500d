import type { Queryable } from '@datacraft/engine';

/** So many looks are the past of a metric. */
const KEPT = 1_000;

export interface SampleOfLook {
  readonly ruleId: string;
  readonly key: string;
  readonly at: Date;
  readonly value: number;
}

/** Adds what a look saw; answers the series it ends, oldest first. */
export async function recordSample(db: Queryable, { ruleId, key, at, value }: SampleOfLook): Promise<number[]> {
  await db.query('insert into alert_samples (rule_id, key, at, value) values ($1, $2, $3, $4)', [
    ruleId,
    key,
    at,
    value,
  ]);
  const { rows } = await db.query<{ id: string; value: number }>(
    'select id, value from alert_samples where rule_id = $1 and key = $2 order by id desc limit $3',
    [ruleId, key, KEPT],
  );
  const oldest = rows.at(-1)?.id;
  if (rows.length === KEPT)
    await db.query('delete from alert_samples where rule_id = $1 and key = $2 and id < $3', [ruleId, key, oldest]);
  return rows.map((row) => row.value).toReversed();
}
