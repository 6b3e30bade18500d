import { type Json, type JsonObject, standards, type StepKind } from '@datacraft/shared';

/** A control of a step's form. `list` is names with commas, `pairs` a map, `table` a relation of the notebook. */
export interface StepField {
  readonly key: string;
  readonly type: 'text' | 'list' | 'pairs' | 'choice' | 'number' | 'table';
  readonly choices?: readonly string[];
  readonly optional?: boolean;
}

const text = (key: string): StepField => ({ key, type: 'text' });
const list = (key: string): StepField => ({ key, type: 'list' });
const pairs = (key: string, choices?: readonly string[]): StepField => ({
  key,
  type: 'pairs',
  ...(choices === undefined ? {} : { choices }),
});
const choice = (key: string, choices: readonly string[]): StepField => ({ key, type: 'choice', choices });
const maybe = (field: StepField): StepField => ({ ...field, optional: true });
const table = (key: string): StepField => ({ key, type: 'table' });

/** The controls of each kind, in the order of the text form. */
export const stepFields: Readonly<Record<StepKind, readonly StepField[]>> = {
  filter: [text('filter')],
  select: [list('select')],
  drop: [list('drop')],
  rename: [pairs('rename')],
  cast: [pairs('cast'), maybe(choice('on_error', ['fail', 'null']))],
  derive: [pairs('derive')],
  split: [text('split.column'), text('split.by'), list('split.into')],
  flatten: [text('flatten'), maybe(choice('into', ['columns', 'rows']))],
  deduplicate: [list('deduplicate'), maybe(text('order_by'))],
  fill: [pairs('fill')],
  fill_from: [
    choice('fill_from', ['previous', 'next', 'mean', 'median']),
    list('columns'),
    maybe(list('by')),
    maybe(text('order_by')),
  ],
  trim: [list('trim')],
  standardize: [pairs('standardize', standards), maybe(choice('invalid', ['keep', 'null']))],
  join: [
    table('join'),
    list('on'),
    maybe(choice('type', ['left', 'inner', 'right', 'full', 'semi', 'anti'])),
    maybe(list('columns')),
  ],
  union: [table('union')],
  aggregate: [pairs('aggregate'), maybe(list('by'))],
  pivot: [text('pivot'), list('values'), text('using'), list('by')],
  unpivot: [list('unpivot'), text('name'), text('value')],
  window: [pairs('window'), maybe(list('by')), maybe(text('order_by')), maybe(text('frame'))],
  asof_join: [table('asof_join'), maybe(list('on')), text('time'), maybe(text('with_time')), list('columns')],
  predict: [text('predict')],
  sample: [{ key: 'sample', type: 'number' }, maybe({ key: 'seed', type: 'number' })],
  sort: [text('sort')],
  limit: [{ key: 'limit', type: 'number' }],
  validate: [text('validate'), maybe(text('message'))],
  quarantine: [text('quarantine')],
};

/** What a step says before anybody filled it in. */
export function emptyStep(kind: StepKind): JsonObject {
  return stepFields[kind]
    .filter((field) => field.optional !== true)
    .reduce<JsonObject>((step, field) => withValue(step, field.key, emptyOf(field)), {});
}

function emptyOf(field: StepField): Json {
  if (field.type === 'pairs') return {};
  if (field.type === 'number') return 100;
  return field.type === 'choice' ? (field.choices?.[0] ?? '') : '';
}

export function valueAt(step: JsonObject, key: string): Json | undefined {
  return key.split('.').reduce<Json | undefined>((at, part) => (isMap(at) ? at[part] : undefined), step);
}

/** `undefined` takes the key away. */
export function withValue(step: JsonObject, key: string, value: Json | undefined): JsonObject {
  const [first = '', ...rest] = key.split('.');
  const inner = step[first];
  const next = rest.length === 0 ? value : withValue(isMap(inner) ? inner : {}, rest.join('.'), value);
  const { [first]: _, ...others } = step;
  return next === undefined
    ? others
    : Object.hasOwn(step, first)
      ? { ...step, [first]: next }
      : { ...step, [first]: next };
}

/** `a, b` as a list, one name as itself. */
export function listFrom(input: string): Json {
  const names = input
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  return names.length === 1 ? (names[0] ?? '') : names;
}

export function listText(value: Json | undefined): string {
  return Array.isArray(value) ? value.map(String).join(', ') : typeof value === 'object' ? '' : String(value ?? '');
}

export function isMap(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Moves one item of a list, keeping the others in order. */
export function moved<Item>(items: readonly Item[], from: number, to: number): Item[] {
  const rest = items.filter((_, at) => at !== from);
  const item = items[from];
  return item === undefined ? rest : [...rest.slice(0, to), item, ...rest.slice(to)];
}
