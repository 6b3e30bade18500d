/** Mentions as they are typed: `@Full Name` in the text, ids beside it. */
export interface Mentionable {
  id: string;
  name: string;
}

/** What stands between the `@` and the caret, when somebody is being named there. */
export function mentionAt(text: string, caret: number): { from: number; query: string } | null {
  const before = text.slice(0, caret);
  const from = before.lastIndexOf('@');
  if (from === -1 || (from > 0 && /[\p{L}\p{N}]/u.test(before[from - 1] ?? ''))) return null;
  const query = before.slice(from + 1);
  return query.length > 40 || /[\n@]/.test(query) || /\s\s|^\s/.test(query) ? null : { from, query };
}

/** Names that begin with the query, then names with a word that does. */
export function matching<P extends Mentionable>(people: readonly P[], query: string): P[] {
  const wanted = plain(query);
  const rank = (name: string) => {
    const known = plain(name);
    if (known.startsWith(wanted)) return 0;
    return known.split(' ').some((word) => word.startsWith(wanted)) ? 1 : 2;
  };
  return people
    .map((person) => ({ person, rank: rank(person.name) }))
    .filter((one) => one.rank < 2)
    .sort((a, b) => a.rank - b.rank || a.person.name.localeCompare(b.person.name))
    .map((one) => one.person);
}

export function complete(text: string, caret: number, from: number, name: string): { text: string; caret: number } {
  const named = `@${name} `;
  return { text: text.slice(0, from) + named + text.slice(caret).replace(/^ /, ''), caret: from + named.length };
}

/** Ids of the people whose name still stands in the text. */
export function mentionedIn(text: string, people: readonly Mentionable[]): string[] {
  return people.filter((person) => text.includes(`@${person.name}`)).map((person) => person.id);
}

/** The text in pieces, mentions apart; the longest name wins where one begins another. */
export function pieces(text: string, mentions: readonly Mentionable[]): { text: string; mention: boolean }[] {
  const names = mentions.map(({ name }) => `@${name}`).sort((a, b) => b.length - a.length);
  const found: { text: string; mention: boolean }[] = [];
  let plainFrom = 0;
  for (let at = text.indexOf('@'); at !== -1; at = text.indexOf('@', at + 1)) {
    const name = names.find((one) => text.startsWith(one, at));
    if (name === undefined || at < plainFrom) continue;
    if (at > plainFrom) found.push({ text: text.slice(plainFrom, at), mention: false });
    found.push({ text: name, mention: true });
    plainFrom = at + name.length;
  }
  if (plainFrom < text.length) found.push({ text: text.slice(plainFrom), mention: false });
  return found;
}

function plain(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
}
