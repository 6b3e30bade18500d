import { intervalIn, textIn, unitOf } from './length.ts';
import { columnParts, isNode, type Node, nodesIn, wordOf } from './tree.ts';

/** Where an expression over an event time `t` lies: between `t + from` and `t + to`, in microseconds. */
export interface TimeKey {
  readonly from: number;
  readonly to: number;
}

/** What is known of a column: the event time itself is `{ from: 0, to: 0 }`. */
export type KeyOfColumn = (parts: readonly string[]) => TimeKey | null;

const truncations = new Set(['date_trunc', 'datetrunc']);
const ranges = new Set(['range', 'generate_series']);
const timeTypes = new Set(['TIMESTAMP', 'TIMESTAMP WITH TIME ZONE', 'TIMESTAMP_NS', 'DATE']);
const DAY = 86_400_000_000;

/**
 * An expression that is bound to the event time of its row: the time itself, its bucket, one of the windows it falls into,
 * moved by a fixed length. Null of every other expression.
 */
export function timeKeyOf(node: unknown, keyOf: KeyOfColumn): TimeKey | null {
  if (!isNode(node)) return null;
  if (node['class'] === 'COLUMN_REF') return keyOf(columnParts(node));
  if (node['class'] === 'CAST') return castKey(node, keyOf);
  if (node['class'] !== 'FUNCTION') return null;
  const name = wordOf(node['function_name']);
  const [first, second] = nodesIn(node['children']);
  if (name === 'time_bucket') return floored(timeKeyOf(second, keyOf), intervalIn(first)?.most);
  if (truncations.has(name)) return floored(timeKeyOf(second, keyOf), unitOf(textIn(first) ?? '')?.most);
  if (name === 'date') return floored(timeKeyOf(first, keyOf), DAY);
  if (name === '+' || name === '-') return moved(name, first, second, keyOf);
  if (name === 'unnest' && isNode(first) && ranges.has(wordOf(first['function_name']))) return amongKey(first, keyOf);
  return null;
}

function castKey(node: Node, keyOf: KeyOfColumn): TimeKey | null {
  const type = isNode(node['cast_type']) ? String(node['cast_type']['id']) : '';
  if (!timeTypes.has(type)) return null;
  const key = timeKeyOf(node['child'], keyOf);
  return type === 'DATE' ? floored(key, DAY) : key;
}

/** The beginning of the bucket of `size` that `key` falls into. */
function floored(key: TimeKey | null, size: number | undefined): TimeKey | null {
  return key === null || size === undefined ? null : { from: key.from - size + 1, to: key.to };
}

function moved(sign: '+' | '-', first: unknown, second: unknown, keyOf: KeyOfColumn): TimeKey | null {
  const [key, by] = [timeKeyOf(first, keyOf), intervalIn(second)];
  if (key === null || by === null) return null;
  return sign === '+'
    ? { from: key.from + by.least, to: key.to + by.most }
    : { from: key.from - by.most, to: key.to - by.least };
}

/** Each of `range(first, last, step)`, where both ends are bound to the event time. */
function amongKey(range: Node, keyOf: KeyOfColumn): TimeKey | null {
  const [first, last, step] = nodesIn(range['children']);
  const [low, high] = [timeKeyOf(first, keyOf), timeKeyOf(last, keyOf)];
  return low === null || high === null || intervalIn(step) === null ? null : { from: low.from, to: high.to };
}
