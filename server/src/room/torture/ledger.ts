/** What the people of one run did, and what the server said about it: the truth the documents are held against. */
export interface Deed {
  readonly author: string;
  state: 'sent' | 'acknowledged' | 'undone' | 'lost';
}

/** Words are written between these, and put only between words, so that each can be counted in any text. */
export const wordOf = (name: string): string => `<${name}>`;

export function wordsIn(text: string): string[] {
  return [...text.matchAll(/<([\w-]+)>/g)].map((match) => match[1] ?? '');
}

export class Ledger {
  readonly words = new Map<string, Deed>();
  readonly cells = new Map<string, Deed>();
  #next = 0;

  newName(author: string): string {
    this.#next += 1;
    return `${author}-${this.#next}`;
  }
}

/** What is wrong with the texts of a whole document, by cell id; empty when every acknowledged deed is there once. */
export function faultsOf(ledger: Ledger, texts: ReadonlyMap<string, string>): string[] {
  const counts = new Map<string, number>();
  for (const text of texts.values()) for (const word of wordsIn(text)) counts.set(word, (counts.get(word) ?? 0) + 1);
  const faults: string[] = [];
  for (const [word, { state }] of ledger.words) {
    const count = counts.get(word) ?? 0;
    if (count > 1) faults.push(`${word} is there ${count} times`);
    if (count === 0 && state === 'acknowledged') faults.push(`${word} was acknowledged and is not there`);
  }
  for (const word of counts.keys()) if (!ledger.words.has(word)) faults.push(`nobody wrote ${word}`);
  for (const [id, { state }] of ledger.cells)
    if (state === 'acknowledged' && !texts.has(id)) faults.push(`cell ${id} was acknowledged and is not there`);
  return faults;
}
