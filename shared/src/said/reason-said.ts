import { reason, type Reason } from './portuguese/index.ts';
import type { Said, Words } from './said.ts';

interface Shape {
  readonly key: Reason;
  readonly holes: readonly string[];
  readonly pattern: RegExp;
}

const JOINED: Reason = '{first}; {next}';
const BETWEEN = '; ';

/** Those that begin with words of ours first, and of these the ones with more of them. */
const shapes: readonly Shape[] = (Object.keys(reason) as Reason[])
  .filter((key) => key !== JOINED)
  .map(shapeOf)
  .toSorted((a, b) => rankOf(a.key) - rankOf(b.key));

function shapeOf(key: Reason): Shape {
  const [head = '', ...parts] = key.split(/\{\w+\}/);
  // What stands first takes as little as it can, what follows as much: a value may hold words of the sentence.
  const pattern = parts.reduce(
    (all, part, at) => `${all}${at === 0 ? '(.*?)' : '(.*)'}${escaped(part)}`,
    escaped(head),
  );
  return {
    key,
    holes: [...key.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name),
    pattern: new RegExp(`^${pattern}$`, 's'),
  };
}

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
}

function rankOf(key: Reason): number {
  const words = key.replaceAll(/\{\w+\}/g, '').length;
  return (key.startsWith('{') ? 10_000 : 0) - words;
}

/** The sentence that the text of a kept reason is, to be said in another language; the text itself where it is none. */
export function reasonSaid(text: string): Words {
  return joinedIn(text) ?? oneIn(text) ?? text;
}

function oneIn(text: string): Said | null {
  for (const { key, holes, pattern } of shapes) {
    const found = pattern.exec(text);
    if (found === null) continue;
    const values = Object.fromEntries(holes.map((name, at) => [name, found[at + 1] ?? '']));
    return holes.length === 0 ? { key } : { key, values };
  }
  return null;
}

/** Of a row with several things wrong. */
function joinedIn(text: string): Said | null {
  for (let at = text.indexOf(BETWEEN); at >= 0; at = text.indexOf(BETWEEN, at + 1)) {
    const first = oneIn(text.slice(0, at));
    const rest = text.slice(at + BETWEEN.length);
    const next = first && (joinedIn(rest) ?? oneIn(rest));
    if (first && next) return { key: JOINED, values: { first, next } };
  }
  return null;
}
