import { say } from '@datacraft/shared';
import { JinjaProblem } from './problem.ts';

export interface CallArguments {
  readonly positional: readonly Value[];
  readonly named: ReadonlyMap<string, Value>;
  readonly at: number;
}

export interface JinjaFunction {
  call(args: CallArguments): Value;
  /** Attributes, such as `dispatch` of `adapter`. */
  readonly attributes?: ReadonlyMap<string, Value>;
}

export type Value = string | number | boolean | null | readonly Value[] | ReadonlyMap<string, Value> | JinjaFunction;

export const isList = (value: Value): value is readonly Value[] => Array.isArray(value);
export const isFunction = (value: Value): value is JinjaFunction =>
  typeof value === 'object' && value !== null && 'call' in value;

export function isTrue(value: Value): boolean {
  if (isList(value)) return value.length > 0;
  if (value instanceof Map) return value.size > 0;
  return value !== null && value !== '' && value !== 0 && value !== false;
}

/** As Jinja writes it into the text. */
export function textOf(value: Value): string {
  if (typeof value === 'string') return value;
  return literalOf(value);
}

function literalOf(value: Value): string {
  if (value === null) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value === 'string') return `'${value}'`;
  if (isList(value)) return `[${value.map(literalOf).join(', ')}]`;
  if (value instanceof Map)
    return `{${[...(value as ReadonlyMap<string, Value>)].map(([key, item]) => `'${key}': ${literalOf(item)}`).join(', ')}}`;
  return typeof value === 'number' ? String(value) : '';
}

/** A value of YAML or JSON. */
export function valueOf(json: unknown): Value {
  if (Array.isArray(json)) return json.map(valueOf);
  if (typeof json === 'object' && json !== null)
    return new Map(Object.entries(json).map(([key, item]) => [key, valueOf(item)]));
  return typeof json === 'string' || typeof json === 'number' || typeof json === 'boolean' ? json : null;
}

type Filter = (value: Value, args: CallArguments) => Value;

const text =
  (change: (value: string) => string): Filter =>
  (value) =>
    change(textOf(value));

export const filters: ReadonlyMap<string, Filter> = new Map<string, Filter>([
  ['upper', text((value) => value.toUpperCase())],
  ['lower', text((value) => value.toLowerCase())],
  ['trim', text((value) => value.trim())],
  ['title', text((value) => value.replace(/\w+/g, (word) => word[0]?.toUpperCase() + word.slice(1).toLowerCase()))],
  ['string', text((value) => value)],
  ['as_text', text((value) => value)],
  ['as_native', (value) => value],
  ['as_bool', (value) => (typeof value === 'string' ? value.toLowerCase() === 'true' : isTrue(value))],
  ['as_number', (value) => Number(textOf(value))],
  ['int', (value) => Math.trunc(Number(textOf(value))) || 0],
  ['float', (value) => Number(textOf(value)) || 0],
  ['abs', (value) => Math.abs(Number(textOf(value)))],
  ['list', (value) => [...itemsOf(value)]],
  ['length', (value) => (typeof value === 'string' ? value.length : itemsOf(value).length)],
  ['count', (value) => (typeof value === 'string' ? value.length : itemsOf(value).length)],
  ['first', (value) => itemsOf(value)[0] ?? null],
  ['last', (value) => itemsOf(value).at(-1) ?? null],
  ['sort', (value) => [...itemsOf(value)].sort((a, b) => (textOf(a) < textOf(b) ? -1 : 1))],
  ['unique', (value) => [...new Set(itemsOf(value))]],
  ['join', (value, { positional: [between = ''] }) => itemsOf(value).map(textOf).join(textOf(between))],
  [
    'replace',
    (value, { positional: [from = '', to = ''] }) => textOf(value).replaceAll(textOf(from), () => textOf(to)),
  ],
  ['round', (value, { positional: [digits = 0] }) => Number(Number(textOf(value)).toFixed(Number(digits)))],
]);

export function itemsOf(value: Value): readonly Value[] {
  if (isList(value)) return value;
  if (value instanceof Map) return [...value.keys()] as string[];
  if (typeof value === 'string') return [...value];
  return [];
}

/** Methods of texts, lists and maps, by Python's names. */
export function methodOf(of: Value, name: string, at: number): Value | undefined {
  const method = (call: (args: CallArguments) => Value): JinjaFunction => ({ call });
  if (typeof of === 'string') {
    const found = { upper: 'upper', lower: 'lower', strip: 'trim', title: 'title', replace: 'replace' }[name];
    const filter = found === undefined ? undefined : filters.get(found);
    if (filter) return method((args) => filter(of, args));
    if (name === 'split')
      return method(({ positional: [by] }) => (by === undefined ? of.trim().split(/\s+/) : of.split(textOf(by))));
    if (name === 'startswith') return method(({ positional: [start = ''] }) => of.startsWith(textOf(start)));
    if (name === 'endswith') return method(({ positional: [end = ''] }) => of.endsWith(textOf(end)));
    if (name === 'join') return method(({ positional: [list = []] }) => itemsOf(list).map(textOf).join(of));
  }
  if (of instanceof Map) {
    const map = of as ReadonlyMap<string, Value>;
    if (name === 'items') return method(() => [...map].map(([key, item]) => [key, item]));
    if (name === 'keys') return method(() => [...map.keys()]);
    if (name === 'values') return method(() => [...map.values()]);
    if (name === 'get') return method(({ positional: [key = '', other = null] }) => map.get(textOf(key)) ?? other);
  }
  if (isList(of) && (name === 'append' || name === 'extend'))
    throw new JinjaProblem(say('lists that grow (.{name}) are not followed: write the list out', { name }), at);
  return undefined;
}
