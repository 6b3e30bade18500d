import type { Queryable } from '@datacraft/engine';
import type { StoredPrediction } from '@datacraft/shared';

interface Row {
  key: string;
  version: number;
  input: Record<string, unknown>;
  answer: Record<string, unknown>;
  beside: StoredPrediction['beside'];
  asked_by: string | null;
  asked_at: Date;
}

const STORED = `select p.key, p.version, p.input, p.answer, p.beside, u.name as asked_by, p.asked_at
  from model_predictions p left join users u on u.id = p.asked_by where p.name = $1 and p.key is not null`;

export interface WhichPredictions {
  readonly version: number | null;
  readonly decision: string | null;
  readonly last: number;
}

/** What a model was asked and said, the latest first. */
export async function listPredictions(
  db: Queryable,
  name: string,
  { version, decision, last }: WhichPredictions,
): Promise<StoredPrediction[]> {
  const { rows } = await db.query<Row>(
    `${STORED} and ($2::integer is null or p.version = $2) and ($3::text is null or p.answer->>'decision' = $3)
     order by p.id desc limit $4`,
    [name, version, decision, last],
  );
  return rows.map(storedOf);
}

export async function loadPrediction(db: Queryable, name: string, key: string): Promise<StoredPrediction | null> {
  const { rows } = await db.query<Row>(`${STORED} and p.key = $2`, [name, key]);
  return rows[0] === undefined ? null : storedOf(rows[0]);
}

function storedOf({
  key,
  version,
  input,
  answer,
  beside,
  asked_by: askedBy,
  asked_at: askedAt,
}: Row): StoredPrediction {
  return { id: key, version, input, answer, beside, askedBy, askedAt: askedAt.toISOString() };
}
