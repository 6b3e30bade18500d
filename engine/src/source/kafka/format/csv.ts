import { Fault, say } from '@datacraft/shared';
import type { Decoder } from './decoder.ts';
import { Undecodable } from './undecodable.ts';

/** Each message is one line of values, in the order in which the cell declares its columns. */
export function csvDecoder(names: readonly string[], delimiter: string): Decoder {
  if (names.length === 0)
    throw new Fault(
      'bad-request',
      'format: csv needs columns: { name: type }, in the order of the values of a message',
    );
  return {
    types: new Map(),
    decode(bytes) {
      const values = valuesOf(bytes.toString('utf8').replace(/\r?\n$/, ''), delimiter);
      if (values.length !== names.length)
        throw new Undecodable(
          say('not CSV of these columns: expected {expected} values, got {got}', {
            expected: String(names.length),
            got: String(values.length),
          }),
        );
      return Object.fromEntries(names.map((name, at) => [name, values[at] === '' ? null : values[at]]));
    },
  };
}

/** RFC 4180: quotes around a value may hold delimiters and line breaks, and are doubled inside. */
function valuesOf(line: string, delimiter: string): string[] {
  const values: string[] = [];
  let at = 0;
  for (;;) {
    if (line[at] === '"') {
      const { value, after } = quoted(line, at + 1);
      values.push(value);
      at = after;
    } else {
      const end = line.indexOf(delimiter, at);
      const value = end < 0 ? line.slice(at) : line.slice(at, end);
      if (/[\r\n]/.test(value))
        throw new Undecodable(say('not one line of CSV: it has a line break outside of quotes'));
      values.push(value);
      at = end < 0 ? line.length : end;
    }
    if (at >= line.length) return values;
    if (!line.startsWith(delimiter, at))
      throw new Undecodable(say('not CSV: a closing quote is followed by more text'));
    at += delimiter.length;
  }
}

function quoted(line: string, from: number): { value: string; after: number } {
  let value = '';
  for (let at = from; ;) {
    const end = line.indexOf('"', at);
    if (end < 0) throw new Undecodable(say('not CSV: a quote is not closed'));
    value += line.slice(at, end);
    if (line[end + 1] !== '"') return { value, after: end + 1 };
    value += '"';
    at = end + 2;
  }
}
