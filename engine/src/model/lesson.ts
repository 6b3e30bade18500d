import type { Column, ModelLookup, ModelReport, ModelSpec } from '@datacraft/shared';
import { algorithmsOf, resolveParams, say } from '@datacraft/shared';
import type { FeatureColumn, RoleProblem, Roles } from './role.ts';
import { kindOf, rolesOf } from './role.ts';
import type { TrainRequest } from './train.ts';

export const SEED = 42;
const TEST_SHARE = 0.2;

/** What is to be learned of rows whose columns are `f0`, `f1`, … for features, `target` and `by`. */
export interface Lesson {
  readonly request: TrainRequest;
  readonly features: readonly FeatureColumn[];
  readonly target: Column | null;
  readonly keys: readonly string[];
  readonly lookups: readonly ModelLookup[];
  readonly splitBy: 'random' | 'stratified' | 'time' | 'group';
}

export interface LessonAnswer {
  /** The model's file. */
  readonly bytes: Uint8Array;
  readonly report: ModelReport;
}

/** What a cell asks of a table: its lesson, the parts of its columns, and the one that says which rows are tested on. */
export interface Planned {
  readonly lesson: Lesson;
  readonly roles: Roles;
  readonly by: Column | null;
}

export interface Rows {
  readonly columns: readonly Column[];
  /** Columns that differ in every row. */
  readonly identifiers: ReadonlySet<string>;
  readonly lookups: readonly ModelLookup[];
}

export function algorithmOf({ task, algorithm }: ModelSpec) {
  const chosen = algorithm ?? algorithmsOf[task][0];
  if (chosen === undefined) throw new Error(`no algorithm does ${task}`);
  return chosen;
}

export function paramsOf(spec: ModelSpec) {
  return resolveParams(algorithmOf(spec), spec.params ?? {});
}

/** Of the same cell and columns the same lesson, wherever it is learned. */
export function planLesson(spec: ModelSpec, { columns, identifiers, lookups }: Rows): Planned | RoleProblem {
  const { task } = spec;
  if (task === 'forecast') throw new Error('a forecast is learned from a series');
  const entities = lookups.flatMap(({ entity }) => entity);
  const roles = rolesOf(spec, columns, identifiers, entities);
  if ('message' in roles) return roles;
  const problem = wrongTarget(spec, roles) ?? clashing(spec, roles);
  if (problem !== null) return problem;
  const by = splitColumn(spec, columns);
  if (by !== null && 'message' in by) return by;
  const { features, target } = roles;
  const request: TrainRequest = {
    task,
    algorithm: algorithmOf(spec),
    params: paramsOf(spec),
    seed: spec.split?.seed ?? SEED,
    test: spec.split?.test ?? TEST_SHARE,
    target: target?.name ?? null,
    decision: spec.decision ?? null,
    folds: spec.split?.folds ?? 0,
  };
  const keys = roles.keys.map(({ name }) => name);
  const lesson = { request, features, target, keys, lookups: used(lookups, features), splitBy: splitBy(spec) };
  return { lesson, roles, by };
}

/** Of looked up features those that it learns from. */
function used(lookups: readonly ModelLookup[], features: readonly Column[]): ModelLookup[] {
  const names = new Set(features.map(({ name }) => name));
  return lookups
    .map((lookup) => ({ ...lookup, features: lookup.features.filter((name) => names.has(name)) }))
    .filter((lookup) => lookup.features.length > 0);
}

function splitBy({ task, split }: ModelSpec): Lesson['splitBy'] {
  const by = split?.by ?? (task === 'classification' ? 'stratified' : 'random');
  return by === 'random' || by === 'stratified' || by === 'time' ? by : 'group';
}

/** A group is told by its text, whatever its type. */
function splitColumn(spec: ModelSpec, columns: readonly Column[]): Column | RoleProblem | null {
  const kind = splitBy(spec);
  if (kind !== 'time' && kind !== 'group') return null;
  const [key, word] =
    kind === 'time' ? (['time_column', spec.time_column] as const) : (['split', spec.split?.by] as const);
  const found = columns.find(({ name }) => name === word);
  if (found === undefined) return unknownColumn(spec, columns, key, word ?? '');
  return kind === 'group' ? { ...found, type: 'VARCHAR' } : found;
}

export function unknownColumn(
  { from }: ModelSpec,
  columns: readonly Column[],
  key: keyof ModelSpec,
  word: string,
): RoleProblem {
  const names = columns.slice(0, 12).map(({ name }) => name);
  const hint = say('it has {names}', { names: names.join(', ') });
  return { key, word, message: say('`{from}` has no column `{word}`: {hint}', { from, word, hint }) };
}

function wrongTarget({ task }: ModelSpec, { target }: Roles): RoleProblem | null {
  if (task !== 'regression' || target === null || kindOf(target.type) === 'number') return null;
  const { name, type } = target;
  const message = say('`{name}` is {type}: regression predicts a number; use task: classification, or cast it', {
    name,
    type,
  });
  return { key: 'target', word: name, message };
}

/** Columns that the table of the model has of its own. */
function clashing({ task, decision, from }: ModelSpec, { keys, target, features }: Roles): RoleProblem | null {
  const second = { classification: ['probability'], clustering: ['distance'], regression: [], forecast: [] }[task];
  const added = ['prediction', ...second, ...(decision === undefined ? [] : ['decision'])];
  const shown = [...keys, ...(target === null ? [] : [target]), ...(task === 'clustering' ? features : [])];
  const clash = shown.find(({ name }) => added.includes(name.toLowerCase()));
  if (clash === undefined) return null;
  const message = say(
    '`{from}` has a column `{name}`, and so has the table of what is predicted: give that one another name',
    { from, name: clash.name },
  );
  return { key: 'from', word: from, message };
}
