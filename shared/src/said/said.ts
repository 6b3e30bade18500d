/**
 * What we say to people, apart from its language.
 *
 * S1  The English text is the name of a sentence, with a hole `{name}` for each thing that varies; it stands where it
 *     is said. The catalogue (`portuguese`) holds the same sentence in the other language, with the same holes, and
 *     `say` takes no sentence that is not in it.
 * S2  English travels beside it everywhere: it is `message`, `detail` and every text of the API.
 * S3  A hole is filled by a text, a number, another sentence, or a list of them. Numbers of data are figures. What is not ours, such as the words of
 *     DuckDB, is a text and stays as it is.
 */
import type { SaidFigure } from './figure.ts';
import { figureText } from './figure.ts';
import type { Sentence } from './portuguese/index.ts';

export interface Said {
  readonly key: string;
  readonly values?: Readonly<Record<string, SaidValue>>;
}

export type SaidValue = string | number | Said | SaidList | SaidFigure;

export interface SaidList {
  readonly list: readonly (string | Said)[];
  readonly by: 'or' | 'and';
}

/** A text of ours or of others: a plain one that is a whole sentence of the catalogue counts as said. */
export type Words = string | Said;

export type HolesOf<Text extends string> = Text extends `${string}{${infer Hole}}${infer Rest}`
  ? (Hole extends `${string} ${string}` ? never : Hole) | HolesOf<Rest>
  : never;

export function say<Key extends Sentence>(
  key: Key,
  ...values: HolesOf<Key> extends never ? [] : [Readonly<Record<HolesOf<Key>, SaidValue>>]
): Said {
  const [filled] = values;
  return filled === undefined ? { key } : { key, values: filled };
}

/** The English text. */
export function english(words: Words): string {
  return typeof words === 'string' ? words : filled(words.key, words.values, englishValue);
}

/** Words that may be ours: they are translated when they are a sentence of the catalogue. */
export function asSaid(words: Words): Said {
  return typeof words === 'string' ? { key: words } : words;
}

/** What a message is on the wire: its English, and how it was said if anything in it varies. */
export function worded(words: Words): { message: string; said?: Said } {
  return typeof words === 'string' ? { message: words } : { message: english(words), said: words };
}

/** Puts `values` into the holes of `text`. */
export function filled(text: string, values: Said['values'], shown: (value: SaidValue) => string): string {
  if (values === undefined) return text;
  return text.replace(/\{(\w+)\}/g, (hole, name: string) => {
    const value = Object.hasOwn(values, name) ? values[name] : undefined;
    return value === undefined ? hole : shown(value);
  });
}

export function listed(texts: readonly string[], joiner: string): string {
  return texts.length < 2 ? texts.join('') : `${texts.slice(0, -1).join(', ')} ${joiner} ${texts.at(-1)}`;
}

function englishValue(value: SaidValue): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return String(value);
  if ('figure' in value) return figureText(value, 'en');
  return 'list' in value ? listed(value.list.map(english), value.by) : english(value);
}
