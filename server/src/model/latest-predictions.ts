import type { Queryable } from '@datacraft/engine';

export interface LatestPredictions {
  readonly rows: readonly { readonly input: unknown; readonly answer: unknown }[];
  readonly from: string | null;
  readonly to: string | null;
}

/** What one version was asked last, and what it said; `version` null: whichever was asked. */
export async function latestPredictions(
  db: Queryable,
  name: string,
  version: number | null,
  last: number,
): Promise<LatestPredictions> {
  const { rows } = await db.query<{ input: unknown; answer: unknown; asked_at: Date }>(
    `select input, answer, asked_at from model_predictions
      where name = $1 and ($2::integer is null or version = $2) order by id desc limit $3`,
    [name, version, last],
  );
  return {
    rows: rows.map(({ input, answer }) => ({ input, answer })),
    from: rows.at(-1)?.asked_at.toISOString() ?? null,
    to: rows[0]?.asked_at.toISOString() ?? null,
  };
}
