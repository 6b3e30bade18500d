import type { Prediction, Scorer } from '@datacraft/engine';
import { Fault, newId, say } from '@datacraft/shared';
import { keptOf } from './kept.ts';
import { lookUp } from './look-up.ts';
import type { OnlineLayer } from './online/layer.ts';
import type { PredictionLog } from './prediction-log.ts';
import type { Scorers } from './scorers.ts';

/** Of one request. */
const MAX_ROWS = 10_000;

export interface ScoringDeps {
  readonly scorers: Scorers;
  readonly online: Pick<OnlineLayer, 'load'>;
  /** Null: what is answered is not written down. */
  readonly log: PredictionLog | null;
  readonly now: () => number;
}

export interface Question {
  readonly name: string;
  /** A number, or an alias. */
  readonly version: string;
  /** `{ rows: [{…}] }`, `{ row: {…} }`, or one row itself. */
  readonly body: Readonly<Record<string, unknown>>;
  readonly userId: string | null;
}

/** Scores rows, and answers when they are written down, if they are to be. */
export async function predict(deps: ScoringDeps, { name, version: asked, body, userId }: Question) {
  const { rows: given, one } = rowsOf(body);
  const { version, scorer } = await deps.scorers.open(name, asked);
  const rows = await lookUp(deps.online, scorer.lookups, given, deps.now());
  const predictions = scorer
    .predict(rows)
    .map((answer): Prediction & { id: string } => ({ ...answer, id: newId('prd') }));
  const known = knownFields(scorer);
  await deps.log?.add(
    predictions.map((answer, at) => ({
      key: answer.id,
      name,
      version,
      input: keptOf(rows[at], known),
      answer: keptOf(answer, known),
      userId,
    })),
  );
  const first: Prediction = (one ? predictions[0] : undefined) ?? {};
  return { model: name, version, ...first, predictions };
}

/** One row, and what each feature adds to its answer. */
export async function explain(deps: ScoringDeps, { name, version: asked, body }: Question) {
  const { rows: given, one } = rowsOf(body);
  if (!one) throw new Fault('bad-request', 'one row is explained at a time: send it as { row: {…} }');
  const { version, scorer } = await deps.scorers.open(name, asked);
  const rows = await lookUp(deps.online, scorer.lookups, given, deps.now());
  const [first = {}] = scorer.predict(rows);
  return { model: name, version, ...first, explanation: { ...scorer.explain(rows[0]), input: rows[0] } };
}

const fieldsOf = new WeakMap<Scorer, ReadonlySet<string>>();

function knownFields(scorer: Scorer): ReadonlySet<string> {
  const fields = fieldsOf.get(scorer) ?? new Set(scorer.inputs.map((input) => input.name));
  fieldsOf.set(scorer, fields);
  return fields;
}

function rowsOf(body: Readonly<Record<string, unknown>>): { rows: readonly unknown[]; one: boolean } {
  const { rows, row } = body;
  if (row !== undefined && Object.keys(body).length === 1) return { rows: [row], one: true };
  if (rows === undefined || Object.keys(body).length > 1) return { rows: [body], one: true };
  if (!Array.isArray(rows))
    throw new Fault('bad-request', 'rows: expected a list of maps of fields', { field: 'rows' });
  if (rows.length > MAX_ROWS) {
    const message = say('{rows} rows are too many for one request: send at most {most}, or score them in a notebook', {
      rows: rows.length,
      most: MAX_ROWS,
    });
    throw new Fault('too-large', message, { rows: rows.length, limit: MAX_ROWS });
  }
  return { rows: rows as readonly unknown[], one: false };
}
