import { say } from '@datacraft/shared';
import type { From, FromStream } from './from.ts';
import { keysOf, keyColumnOf } from './keyed.ts';
import { refuseMany } from './select-parts.ts';
import type { StreamShape } from './shape.ts';
import { NotStreamable } from './shape.ts';
import { timeKeyOf } from './time-key.ts';
import { conjuncts, type Node } from './tree.ts';

/** `right - left` of the event times of two rows that are joined, in microseconds. */
interface Apart {
  readonly least: number;
  readonly most: number;
}

/** Two streams whose rows are joined while their times are near each other. */
export function joinedShape(select: Node, from: From): StreamShape | null {
  const [left, right] = from.streams;
  if (from.join === null || left === undefined || right === undefined) return null;
  refuseMany(select, 'a join of two streams only joins: group in a cell that reads this one');
  for (const { name, column, at } of [left, right])
    if (column === null)
      throw new NotStreamable(
        say(
          '`{name}` has no event time here: give its source `watermark: { column: …, delay: … }`, and keep that column',
          { name },
        ),
        at,
      );
  const { keeps, condition } = from.join;
  const parts = [...conjuncts(condition), ...(keeps === 'none' ? conjuncts(select['where_clause']) : [])];
  const apart = apartOf(parts, left, right);
  const keyed = keeps === 'right' ? null : keyColumnOf(select, left);
  const other = keyed !== null || keeps === 'left' ? null : keyColumnOf(select, right);
  const key = keyed ?? other;
  if (key === null) {
    const kept = keeps === 'right' ? right : left;
    const { name, alias, column } = kept;
    const message = say(
      'select the time of `{name}` too, such as `{alias}.{column} as {column}`: by it rows become final',
      { name, alias, column: column ?? '' },
    );
    throw new NotStreamable(message, kept.at);
  }
  const [least, most] = keyed === null ? [-apart.most, -apart.least] : [apart.least, apart.most];
  return {
    kind: 'windows',
    streams: [left, right].map(({ name, column }) => ({ name, column: column ?? '' })),
    key: key.name,
    before: Math.max(key.to, key.to - least),
    after: 1 + Math.max(-key.from, most - key.from),
  };
}

function apartOf(parts: readonly Node[], left: FromStream, right: FromStream): Apart {
  let [least, most] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  for (const [low, high] of parts.flatMap(orders)) {
    const bound = boundOf(low, high, left, right);
    if (bound?.most !== undefined) most = Math.min(most, bound.most);
    if (bound?.least !== undefined) least = Math.max(least, bound.least);
  }
  if (Number.isFinite(least) && Number.isFinite(most)) return { least, most };
  const [a, b] = [`${left.alias}.${left.column ?? ''}`, `${right.alias}.${right.column ?? ''}`];
  throw new NotStreamable(
    say(
      "say how far apart in time joined rows may be: `{b} between {a} - interval '5 minutes' and {a} + interval '5 minutes'`",
      { a, b },
    ),
    right.at,
  );
}

/** Comparisons as pairs: the first is not greater than the second. */
function orders(node: Node): [unknown, unknown][] {
  switch (node['type']) {
    case 'COMPARE_BETWEEN':
      return [
        [node['lower'], node['input']],
        [node['input'], node['upper']],
      ];
    case 'COMPARE_LESSTHAN':
    case 'COMPARE_LESSTHANOREQUALTO':
      return [[node['left'], node['right']]];
    case 'COMPARE_GREATERTHAN':
    case 'COMPARE_GREATERTHANOREQUALTO':
      return [[node['right'], node['left']]];
    case 'COMPARE_EQUAL':
      return [
        [node['left'], node['right']],
        [node['right'], node['left']],
      ];
    default:
      return [];
  }
}

function boundOf(low: unknown, high: unknown, left: FromStream, right: FromStream): Partial<Apart> | null {
  const [ofLeft, ofRight] = [keysOf(left), keysOf(right)];
  const [rightLow, leftHigh] = [timeKeyOf(low, ofRight), timeKeyOf(high, ofLeft)];
  if (rightLow && leftHigh) return { most: leftHigh.to - rightLow.from };
  const [leftLow, rightHigh] = [timeKeyOf(low, ofLeft), timeKeyOf(high, ofRight)];
  return leftLow && rightHigh ? { least: leftLow.from - rightHigh.to } : null;
}
