import type {
  DecisionRule,
  Json,
  ModelDrift,
  ModelExplanation,
  ModelInput,
  ModelLookup,
  ModelReport,
} from '@datacraft/shared';
import { decide } from '@datacraft/shared';
import type { Encode } from './ask.ts';
import { asRow, encoderOf, inputSchema, inputsOf } from './ask.ts';
import { stepInputs, stepOf, stepSchema } from './ask-step.ts';
import { mostLikely } from './class-metrics.ts';
import { countedAs } from './distribution.ts';
import { driftOf } from './drift.ts';
import { explain } from './explain.ts';
import type { Columns } from './feature.ts';
import { clusterOf } from './kmeans.ts';
import type { ModelFile } from './model-file.ts';
import { decodeModel } from './open-model.ts';
import { packed } from './packed-trees.ts';
import { likelihoods, numbers } from './predict.ts';

export type Prediction = Readonly<Record<string, Json>>;

/** A model in memory, ready to answer. */
export interface Scorer {
  readonly inputs: readonly ModelInput[];
  readonly schema: Json;
  readonly classes: readonly string[];
  readonly decision: DecisionRule | null;
  readonly lookups: readonly ModelLookup[];
  predict(rows: readonly unknown[]): Prediction[];
  /** What each feature adds to the answer for one row. */
  explain(row: unknown): ModelExplanation;
  /** Rows that were scored, held against how those lay that were learned from; null for forecasts. */
  drift(
    lay: NonNullable<ModelReport['lay']>,
    rows: readonly ScoredRow[],
  ): Pick<ModelDrift, 'features' | 'score'> | null;
}

export interface ScoredRow {
  readonly input: unknown;
  readonly answer: Prediction;
}

export function openScorer(bytes: Uint8Array): Scorer {
  return scorerOf(decodeModel(bytes));
}

/** `turn` comes between the parts of the work, which is long for a large forest. */
export async function openScorerInTurns(bytes: Uint8Array, turn: () => Promise<unknown>): Promise<Scorer> {
  const file = decodeModel(bytes);
  await turn();
  return scorerOf(file);
}

function scorerOf(file: ModelFile): Scorer {
  const { body } = file;
  if (body.kind === 'trees') packed(body);
  const encode = encoderOf(file);
  const own = body.kind === 'series' ? stepInputs(body) : inputsOf(file);
  const schema = body.kind === 'series' ? stepSchema(body) : inputSchema(file);
  const predict = (rows: readonly unknown[]) =>
    body.kind === 'series' ? rows.map((row, at) => stepOf(body, row, at)) : scored(file, encode(rows), rows);
  const drift: Scorer['drift'] = (lay, rows) => (body.kind === 'series' ? null : drifted(file, encode, lay, rows));
  return {
    inputs: own,
    schema,
    classes: file.classes,
    explain: (row) => explain(file, body.kind === 'series' ? [] : encode([row]), 0),
    decision: file.decision ?? null,
    lookups: file.lookups ?? [],
    predict,
    drift,
  };
}

function drifted(
  file: ModelFile,
  encode: Encode,
  lay: NonNullable<ModelReport['lay']>,
  rows: readonly ScoredRow[],
): Pick<ModelDrift, 'features' | 'score'> {
  const columns = encode(rows.map(({ input }) => input));
  const features = file.features.flatMap(({ name }, at) => {
    const known = lay.features.find((each) => each.name === name);
    return known === undefined ? [] : driftOf(known, countedAs(known, columns[at] ?? new Float64Array()));
  });
  const of = file.task === 'regression' ? 'prediction' : 'probability';
  const scores = Float64Array.from(rows, ({ answer }) => (typeof answer[of] === 'number' ? answer[of] : NaN));
  return {
    features: features.sort((a, b) => b.psi - a.psi),
    score: lay.score === null ? null : driftOf(lay.score, countedAs(lay.score, scores)),
  };
}

function scored(file: ModelFile, columns: Columns, rows: readonly unknown[]): Prediction[] {
  const { body } = file;
  const all = Int32Array.from(rows.keys());
  if (body.kind === 'series') return [];
  if (body.kind === 'centroids') {
    return rows.map((row, at) => {
      const { center, distance } = clusterOf(body, columns, at);
      return { ...keysOf(file, row), prediction: center, distance };
    });
  }
  if (file.task !== 'regression') return classified(file, likelihoods(body, columns, all, file.classes.length), rows);
  const found = numbers(body, columns, all);
  return rows.map((row, at) => ({ ...keysOf(file, row), prediction: found[at] ?? NaN }));
}

function classified(file: ModelFile, likely: readonly Float64Array[], rows: readonly unknown[]): Prediction[] {
  const { classes, target, decision } = file;
  const labels = mostLikely(likely);
  return rows.map((row, at) => {
    const label = labels[at] ?? 0;
    const answer = keysOf(file, row);
    answer['prediction'] = typed(classes[label] ?? '', target?.type ?? 'VARCHAR');
    answer['probability'] = likely[classes.length === 2 ? 1 : label]?.[at] ?? 0;
    if (decision !== undefined) answer['decision'] = decide(decision, likely[1]?.[at] ?? 0);
    answer['probabilities'] = Object.fromEntries(classes.map((name, k) => [name, likely[k]?.[at] ?? 0]));
    return answer;
  });
}

/** A label as JSON has it. */
function typed(label: string, type: string): Json {
  if (type === 'BOOLEAN') return label === 'true';
  return /INT|DOUBLE|FLOAT|DECIMAL/.test(type) && Number.isSafeInteger(Number(label)) ? Number(label) : label;
}

/** What tells the caller's rows apart comes back with them. */
function keysOf({ keys }: ModelFile, row: unknown): Record<string, Json> {
  if (keys.length === 0) return {};
  const fields = asRow(row, 0);
  return Object.fromEntries(
    keys.flatMap((name) => (Object.hasOwn(fields, name) ? [[name, fields[name] as Json]] : [])),
  );
}
