import type { Prediction, Scorer, StandingRollout } from '@datacraft/engine';
import { compareAnswers, Fault, newId, say } from '@datacraft/shared';
import type { Principal } from '../auth/principal.ts';
import type { TokenMeter } from '../auth/token-meter.ts';
import type { Spoken } from './canary.ts';
import { chosenRows, spokenOf } from './canary.ts';
import type { Metrics } from '../metric/registry.ts';
import { keptOf } from './kept.ts';
import { lookUp } from './look-up.ts';
import type { OnlineLayer } from './online/layer.ts';
import type { PredictionLog } from './prediction-log.ts';
import type { RolloutCounter } from './rollout-counter.ts';
import type { Scorers, Standing } from './scorers.ts';
import type { Shadow } from './shadow.ts';

/** Of one request. */
const MAX_ROWS = 10_000;

export interface ScoringDeps {
  readonly scorers: Scorers;
  readonly online: Pick<OnlineLayer, 'load'>;
  /** Null: what is answered is not written down. */
  readonly log: PredictionLog | null;
  readonly counter: Pick<RolloutCounter, 'add' | 'failed'>;
  readonly shadow: Pick<Shadow, 'offer'>;
  readonly metrics: Pick<Metrics, 'count'>;
  readonly meter: Pick<TokenMeter, 'takePredictions' | 'giveBack'>;
  readonly now: () => number;
}

export interface Question {
  readonly name: string;
  /** A number, or an alias; null: the champion, or what is rolled out beside it. */
  readonly version: string | null;
  /** `{ rows: [{…}] }`, `{ row: {…} }`, or one row itself. */
  readonly body: Readonly<Record<string, unknown>>;
  readonly by: Principal;
}

/** Scores rows, and answers when they are written down, if they are to be. */
export async function predict(deps: ScoringDeps, question: Question) {
  const asked = rowsOf(question.body);
  return counted(deps, question.by, asked.rows.length, () => predictRows(deps, question, asked));
}

/** Rows count for a token when they were scored. */
async function counted<Answer>({ meter }: ScoringDeps, by: Principal, rows: number, score: () => Promise<Answer>) {
  await meter.takePredictions(by, rows);
  try {
    return await score();
  } catch (error) {
    await meter.giveBack(by, rows);
    throw error;
  }
}

async function predictRows(
  deps: ScoringDeps,
  { name, version: asked, by: { userId } }: Question,
  { rows: given, one }: Asked,
) {
  const standing = await standingFor(deps.scorers, name, asked);
  const rows = await lookUp(deps.online, standing.scorer.lookups, given, deps.now());
  const said = await spokenOf(deps.scorers, name, standing, { given, rows }, failing(deps, name, standing));
  const spoken = said.map((each): Spoken & { id: string } => ({ ...each, id: newId('prd') }));
  const known = knownFields(standing.scorer);
  await deps.log?.add(
    spoken.map(({ id, version, answer, beside }, at) => ({
      key: id,
      name,
      version,
      input: keptOf(rows[at], known),
      answer: keptOf({ ...answer, id }, known),
      beside: beside && { version: beside.version, answer: keptOf(beside.answer, known) },
      userId,
    })),
  );
  countAnswers(deps, name, asked, spoken);
  const { rollout } = standing;
  if (rollout !== null) follow(deps, name, { ...standing, rollout }, { given, rows, spoken });
  const predictions = spoken.map(({ id, version, answer }): Prediction => ({
    ...(rollout?.mode === 'canary' ? { version } : {}),
    ...answer,
    id,
  }));
  const version = (one ? spoken[0]?.version : undefined) ?? standing.version;
  const first: Prediction = (one ? predictions[0] : undefined) ?? {};
  return { model: name, version, ...first, predictions };
}

/** One row, and what each feature adds to its answer. */
export async function explain(deps: ScoringDeps, question: Question) {
  const { rows, one } = rowsOf(question.body);
  if (!one) throw new Fault('bad-request', 'one row is explained at a time: send it as { row: {…} }');
  return counted(deps, question.by, 1, () => explainRow(deps, question, rows));
}

async function explainRow(deps: ScoringDeps, { name, version: asked }: Question, given: readonly unknown[]) {
  const standing = await standingFor(deps.scorers, name, asked);
  const rows = await lookUp(deps.online, standing.scorer.lookups, given, deps.now());
  const [first] = await spokenOf(deps.scorers, name, standing, { given, rows }, failing(deps, name, standing));
  const version = first?.version ?? standing.version;
  const { scorer } = version === standing.version ? standing : await deps.scorers.open(name, String(version));
  return { model: name, version, ...first?.answer, explanation: { ...scorer.explain(rows[0]), input: rows[0] } };
}

const failing =
  ({ counter }: ScoringDeps, name: string, { rollout }: Standing) =>
  (error: unknown) => {
    if (rollout !== null) counter.failed(rollout, name, error);
  };

/** A version that is asked for by name answers alone. */
async function standingFor(scorers: Scorers, name: string, asked: string | null): Promise<Standing> {
  return asked === null ? scorers.openStanding(name) : { ...(await scorers.open(name, asked)), rollout: null };
}

/** Rows by what answered them, and by version for those who may know of models. */
function countAnswers({ metrics }: ScoringDeps, name: string, asked: string | null, spoken: readonly Spoken[]): void {
  const versions = new Map<number, { rows: number; by: string }>();
  for (const { version, beside } of spoken) {
    const known = versions.get(version) ?? {
      rows: 0,
      by: asked !== null ? 'asked' : beside === null ? 'champion' : 'canary',
    };
    versions.set(version, { ...known, rows: known.rows + 1 });
  }
  for (const [version, { rows, by }] of versions) {
    metrics.count('datacraft_predictions_total', { by }, rows);
    metrics.count('datacraft_model_predictions_total', { model: name, version }, rows);
  }
}

interface Answered {
  readonly given: readonly unknown[];
  readonly rows: readonly unknown[];
  readonly spoken: readonly (Spoken & { readonly id: string })[];
}

/** Counts what a rollout came to, and gives its shadow what it scores. */
function follow(
  { counter, shadow }: ScoringDeps,
  name: string,
  { scorer, rollout }: Standing & { readonly rollout: StandingRollout },
  { given, rows, spoken }: Answered,
): void {
  const chosen = chosenRows(name, scorer, rollout, given);
  if (rollout.mode === 'canary') {
    const pairs = spoken.flatMap(({ answer, beside }) => (beside === null ? [] : [[beside.answer, answer] as const]));
    const errors = chosen.length - pairs.length;
    counter.add(rollout.id, { asked: rows.length, answered: pairs.length, errors, ...compareAnswers(pairs) });
    return;
  }
  counter.add(rollout.id, { asked: rows.length });
  shadow.offer({
    name,
    rollout,
    known: knownFields(scorer),
    rows: chosen.flatMap((at) => {
      const answered = spoken[at];
      return answered === undefined ? [] : [{ key: answered.id, row: rows[at], answer: answered.answer }];
    }),
  });
}

const fieldsOf = new WeakMap<Scorer, ReadonlySet<string>>();

function knownFields(scorer: Scorer): ReadonlySet<string> {
  const fields = fieldsOf.get(scorer) ?? new Set(scorer.inputs.map((input) => input.name));
  fieldsOf.set(scorer, fields);
  return fields;
}

interface Asked {
  readonly rows: readonly unknown[];
  readonly one: boolean;
}

function rowsOf(body: Question['body']): Asked {
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
