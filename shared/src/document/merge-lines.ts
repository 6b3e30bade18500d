import { diffLines } from './text-diff.ts';

interface Hunk {
  /** Lines of the ancestor that it replaces: from, and before which. */
  readonly from: number;
  readonly to: number;
  readonly lines: readonly string[];
}

/** Both edits of a text put together, line by line; null when they touch the same place and differ. */
export function mergeLines(ancestor: string, ours: string, theirs: string): string | null {
  if (ours === theirs || theirs === ancestor) return ours;
  if (ours === ancestor) return theirs;
  const [base, a, b] = [withEnd(ancestor), withEnd(ours), withEnd(theirs)];
  const merged = apply(linesOf(base), hunksOf(base, a), hunksOf(base, b));
  if (merged === null) return null;
  const ends = [ours, theirs].every((text) => text.endsWith('\n'));
  return ends ? merged : merged.replace(/\n$/, '');
}

/** Hunks that touch are of one place: which comes first would be a guess. */
function apply(base: readonly string[], ours: readonly Hunk[], theirs: readonly Hunk[]): string | null {
  const clash = ours.some((a) => theirs.some((b) => a.from <= b.to && b.from <= a.to && !isSame(a, b)));
  if (clash) return null;
  const both = [...ours, ...theirs.filter((b) => !ours.some((a) => isSame(a, b)))].sort((a, b) => a.from - b.from);
  const lines: string[] = [];
  let at = 0;
  for (const hunk of both) {
    lines.push(...base.slice(at, hunk.from), ...hunk.lines);
    at = hunk.to;
  }
  return [...lines, ...base.slice(at)].join('');
}

function isSame(a: Hunk, b: Hunk): boolean {
  return a.from === b.from && a.to === b.to && a.lines.join('') === b.lines.join('');
}

function hunksOf(before: string, after: string): Hunk[] {
  const hunks: Hunk[] = [];
  let [at, from] = [0, -1];
  let lines: string[] = [];
  const flush = () => {
    if (from >= 0) hunks.push({ from, to: at, lines });
    [from, lines] = [-1, []];
  };
  for (const row of diffLines(before, after)) {
    if (row.before !== null && row.before === row.after) flush();
    else {
      if (from < 0) from = at;
      if (row.after !== null) lines.push(row.after);
    }
    if (row.before !== null) at += 1;
  }
  flush();
  return hunks;
}

function withEnd(text: string): string {
  return text === '' || text.endsWith('\n') ? text : `${text}\n`;
}

function linesOf(text: string): string[] {
  return text === '' ? [] : text.split(/(?<=\n)/);
}
