import { isNode, type Node, nodesIn, wordOf } from './tree.ts';

/** Microseconds; a month has no one length, so a length lies between two. */
export interface Length {
  readonly least: number;
  readonly most: number;
}

const SECOND = 1_000_000;
const DAY = 86_400 * SECOND;

const units: readonly (readonly [RegExp, Length])[] = [
  [/^(us|usecs?|microseconds?)$/, exactly(1)],
  [/^(ms|msecs?|milliseconds?)$/, exactly(1_000)],
  [/^(s|secs?|seconds?)$/, exactly(SECOND)],
  [/^(m|mins?|minutes?)$/, exactly(60 * SECOND)],
  [/^(h|hrs?|hours?)$/, exactly(3_600 * SECOND)],
  [/^(d|days?)$/, exactly(DAY)],
  [/^(w|weeks?)$/, exactly(7 * DAY)],
  [/^(mons?|months?)$/, { least: 28 * DAY, most: 31 * DAY }],
  [/^(q|quarters?)$/, { least: 90 * DAY, most: 92 * DAY }],
  [/^(y|years?)$/, { least: 365 * DAY, most: 366 * DAY }],
];

/** `5 minutes`, `1 hour 30 minutes`, `01:30:00`; null when it is no length of time that is known. */
export function lengthOf(text: string): Length | null {
  const clock = /^(\d+):(\d{2})(?::(\d{2}))?$/.exec(text.trim());
  if (clock) {
    const [, hours = '0', minutes = '0', seconds = '0'] = clock;
    return exactly((Number(hours) * 3_600 + Number(minutes) * 60 + Number(seconds)) * SECOND);
  }
  const parts = [...text.trim().matchAll(/(\d+(?:\.\d+)?)\s*([a-z]+)\s*/giy)];
  if (parts.length === 0 || parts.map(([all]) => all).join('') !== text.trim()) return null;
  let sum = exactly(0);
  for (const [, count = '', unit = ''] of parts) {
    const size = unitOf(unit);
    if (size === null) return null;
    sum = {
      least: sum.least + Math.round(Number(count) * size.least),
      most: sum.most + Math.round(Number(count) * size.most),
    };
  }
  return sum;
}

/** `minute`, `hours`, `month`, … */
export function unitOf(word: string): Length | null {
  return units.find(([pattern]) => pattern.test(word.toLowerCase()))?.[1] ?? null;
}

/** An INTERVAL that is written out in a syntax tree. */
export function intervalIn(node: unknown): Length | null {
  if (!isNode(node)) return null;
  if (node['class'] === 'CAST' && isNode(node['cast_type']) && node['cast_type']['id'] === 'INTERVAL')
    return lengthOf(textIn(node['child']) ?? '');
  const unit = /^to_([a-z]+)$/.exec(node['class'] === 'FUNCTION' ? wordOf(node['function_name']) : '')?.[1];
  const count = unit === undefined ? null : countIn(nodesIn(node['children'])[0]);
  return unit === undefined || count === null ? null : lengthOf(`${count} ${unit}`);
}

/** The text of a constant. */
export function textIn(node: unknown): string | null {
  const value = isNode(node) && node['class'] === 'CONSTANT' && isNode(node['value']) ? node['value']['value'] : null;
  return typeof value === 'string' ? value : null;
}

/** DuckDB writes `interval 5 minutes` as `to_minutes(cast(trunc(cast(5 as double)) as bigint))`. */
function countIn(node: unknown): number | null {
  let at: Node | undefined = isNode(node) ? node : undefined;
  for (let depth = 0; at !== undefined && depth < 6; depth += 1) {
    if (at['class'] === 'CONSTANT') {
      const value = isNode(at['value']) ? at['value'] : {};
      const isWhole = isNode(value['type']) && /^(TINY|SMALL|BIG)?INT(EGER)?$/.test(String(value['type']['id']));
      return isWhole && typeof value['value'] === 'number' && value['value'] >= 0 ? value['value'] : null;
    }
    if (at['class'] !== 'CAST' && wordOf(at['function_name']) !== 'trunc') return null;
    const child: unknown = isNode(at['child']) ? at['child'] : nodesIn(at['children'])[0];
    at = isNode(child) ? child : undefined;
  }
  return null;
}

export function exactly(length: number): Length {
  return { least: length, most: length };
}
