import { say } from '@datacraft/shared';
import { JinjaProblem } from './problem.ts';
import type { Value } from './value.ts';
import { isList, itemsOf, textOf } from './value.ts';

/** `a <operator> b` where both sides are always asked; `and` and `or` are not. */
export function operate(operator: string, a: Value, b: Value, at: number): Value {
  if (operator === '~') return textOf(a) + textOf(b);
  if (operator === '==' || operator === '!=')
    return (textOf(a) === textOf(b) && typeof a === typeof b) === (operator === '==');
  if (operator === 'in') return typeof b === 'string' ? b.includes(textOf(a)) : itemsOf(b).some((item) => item === a);
  if (operator === '+' && isList(a) && isList(b)) return [...a, ...b];
  if (operator === '+' && typeof a === 'string' && typeof b === 'string') return a + b;
  if (typeof a === 'string' && typeof b === 'string' && /^[<>]/.test(operator))
    return compared(operator, a < b ? -1 : a > b ? 1 : 0);
  if (typeof a !== 'number' || typeof b !== 'number')
    throw new JinjaProblem(say('"{operator}" takes numbers here', { operator }), at);
  return arithmetic(operator, a, b) ?? compared(operator, a - b);
}

/** `value is <name>`, but for `defined`. */
export function passes(name: string, value: Value, at: number): boolean {
  switch (name) {
    case 'none':
      return value === null;
    case 'string':
      return typeof value === 'string';
    case 'number':
      return typeof value === 'number';
    case 'mapping':
      return value instanceof Map;
    case 'sequence':
    case 'iterable':
      return isList(value) || typeof value === 'string';
    case 'true':
      return value === true;
    case 'false':
      return value === false;
    default:
      throw new JinjaProblem(say('the test "is {name}" is not known', { name }), at);
  }
}

/** What a loop's body sees as `loop`. */
export function loopOf(index: number, length: number): Value {
  return new Map<string, Value>([
    ['index', index + 1],
    ['index0', index],
    ['first', index === 0],
    ['last', index === length - 1],
    ['length', length],
  ]);
}

function arithmetic(operator: string, a: number, b: number): number | null {
  switch (operator) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '/':
      return a / b;
    case '//':
      return Math.floor(a / b);
    case '%':
      return a - b * Math.floor(a / b);
    default:
      return null;
  }
}

function compared(operator: string, sign: number): boolean {
  return { '<': sign < 0, '>': sign > 0, '<=': sign <= 0, '>=': sign >= 0 }[operator] ?? false;
}
