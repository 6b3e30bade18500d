/** Messages of JSON: read, and where they stand on one line as they are, not written anew. */
import { say } from '@datacraft/shared';
import { parseExactJson } from '../../http/exact-json.ts';
import { Undecodable } from './undecodable.ts';

/** Throws `Undecodable`. What is no object is one column. */
export function jsonObject(text: string): object {
  try {
    return objectIn(parseExactJson(text));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new Undecodable(say('not valid JSON: {why}', { why: error.message }), { cause: error });
  }
}

/**
 * The names of the fields of a text that DuckDB reads from one line as `jsonObject` reads it; null where that is not
 * sure: line breaks, names that come twice, bytes that are no UTF-8, no JSON.
 */
export function fieldsAsTheyStand(text: string): readonly string[] | null {
  if (text.charCodeAt(0) !== OPEN || text.charCodeAt(text.length - 1) !== CLOSE) return null;
  if (text.includes('\n') || text.includes('\r') || text.includes('\ufffd')) return null;
  const value = objectOrNull(text);
  if (value === null) return null;
  const names = Object.keys(value);
  return names.length > 0 && namesIn(text) === membersOf(value) ? names : null;
}

const [OPEN, CLOSE, QUOTE, SPACE, TAB] = [123, 125, 34, 32, 9];

/** Null also where it is no JSON: why, whoever reads it anew says. */
function objectOrNull(text: string): object | null {
  try {
    return JSON.parse(text) as object;
  } catch {
    return null;
  }
}

function objectIn(value: unknown): object {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : { value };
}

/** Not fewer than the text has; -1 where it cannot be told. One that comes twice is two here and one in `membersOf`. */
function namesIn(text: string): number {
  let count = 0;
  for (let at = text.indexOf(':'); at >= 0; at = text.indexOf(':', at + 1)) {
    const before = text.charCodeAt(at - 1);
    if (before === QUOTE) count += 1;
    else if (before === SPACE || before === TAB) return -1;
  }
  return count;
}

function membersOf(value: object): number {
  let count = 0;
  const inside: unknown[] = Object.values(value);
  if (!Array.isArray(value)) count += inside.length;
  for (const each of inside) if (typeof each === 'object' && each !== null) count += membersOf(each);
  return count;
}
