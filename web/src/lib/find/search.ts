/**
 * Where words stand in the cells of a notebook: in names, in texts as they are written, in prose also as it is read,
 * and in settings. Small letters find large ones, and letters without their accents those with.
 */

export type Part = 'name' | 'text' | 'read' | 'setting';

export interface Place {
  readonly cellId: string;
  readonly part: Part;
  /** In the name or the text; of a setting, which of the cell's it is. */
  readonly from: number;
  readonly to: number;
}

export interface Searched {
  readonly id: string;
  readonly name: string;
  readonly text: string;
  /** What a person reads of the text where marks are taken away. */
  readonly read: string | null;
  readonly settings: readonly string[];
}

export interface Wanted {
  readonly words: string;
  /** Letters as they are, large or small and with their accents. */
  readonly exact: boolean;
}

/** In the order of the page. */
export function placesIn(cell: Searched, { words, exact }: Wanted): Place[] {
  if (words === '') return [];
  const needle = exact ? words : folded(words);
  const find = (text: string): number[] => startsOf(exact ? text : folded(text), needle);
  const place =
    (part: Part) =>
    (from: number): Place => ({ cellId: cell.id, part, from, to: from + words.length });
  const written = find(cell.text).map(place('text'));
  const read = written.length === 0 && cell.read !== null ? find(cell.read).map(place('read')) : [];
  const settings = cell.settings.flatMap((setting, at) => (find(setting).length > 0 ? [place('setting')(at)] : []));
  return [...find(cell.name).map(place('name')), ...written, ...read, ...settings];
}

/** What stands in settings as text, keys apart. */
export function settingsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (Array.isArray(value)) return value.flatMap(settingsOf);
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(settingsOf) : [];
}

/** The one that is meant after the places changed: itself, else the first that comes after it in its cell, else none. */
export function sameOrNext(places: readonly Place[], last: Place): number {
  const same = places.findIndex((one) => isSame(one, last));
  return same !== -1
    ? same
    : places.findIndex((one) => one.cellId === last.cellId && one.part === last.part && one.from >= last.from);
}

export function isSame(a: Place, b: Place): boolean {
  return a.cellId === b.cellId && a.part === b.part && a.from === b.from;
}

export function startsOf(text: string, needle: string): number[] {
  const found: number[] = [];
  for (let at = text.indexOf(needle); at !== -1; at = text.indexOf(needle, at + needle.length)) found.push(at);
  return found;
}

/** As long as the text, so that places in one are places in the other. */
export function folded(text: string): string {
  let out = '';
  for (let at = 0; at < text.length; at += 1) {
    const letter = text.charAt(at);
    const small = (letter < '\u0080' ? letter : (letter.normalize('NFD')[0] ?? letter)).toLowerCase();
    out += small.length === 1 ? small : letter;
  }
  return out;
}
