/** One line of two texts beside each other; null where the other side has none. */
export interface DiffRow {
  readonly before: string | null;
  readonly after: string | null;
}

/** Beyond this many pairs of lines the middle is taken as replaced whole. */
const MAX_PAIRS = 4_000_000;

/** Lines in step, unchanged ones with the same text on both sides; lines keep their line end. */
export function diffLines(before: string, after: string): DiffRow[] {
  const [a, b] = [linesOf(before), linesOf(after)];
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start += 1;
  let end = 0;
  while (end < a.length - start && end < b.length - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end += 1;
  const middle = between(a.slice(start, a.length - end), b.slice(start, b.length - end));
  const same = (lines: readonly string[]) => lines.map((line): DiffRow => ({ before: line, after: line }));
  return [...same(a.slice(0, start)), ...middle, ...same(a.slice(a.length - end))];
}

/** Removed and added lines of one place stand beside each other. */
export function inStep(rows: readonly DiffRow[]): DiffRow[] {
  const found: DiffRow[] = [];
  let removed: string[] = [];
  let added: string[] = [];
  const flush = () => {
    for (let at = 0; at < Math.max(removed.length, added.length); at += 1)
      found.push({ before: removed[at] ?? null, after: added[at] ?? null });
    [removed, added] = [[], []];
  };
  for (const row of rows) {
    if (row.before !== null && row.before === row.after) {
      flush();
      found.push(row);
      continue;
    }
    if (row.before !== null) removed.push(row.before);
    if (row.after !== null) added.push(row.after);
  }
  flush();
  return found;
}

function linesOf(text: string): string[] {
  return text === '' ? [] : text.split(/(?<=\n)/);
}

/** By the longest common subsequence. */
function between(a: readonly string[], b: readonly string[]): DiffRow[] {
  const removed = a.map((line): DiffRow => ({ before: line, after: null }));
  const added = b.map((line): DiffRow => ({ before: null, after: line }));
  if (a.length === 0 || b.length === 0 || a.length * b.length > MAX_PAIRS) return [...removed, ...added];
  const width = b.length + 1;
  const lengths = new Uint32Array((a.length + 1) * width);
  for (let i = a.length - 1; i >= 0; i -= 1)
    for (let j = b.length - 1; j >= 0; j -= 1)
      lengths[i * width + j] =
        a[i] === b[j]
          ? (lengths[(i + 1) * width + j + 1] ?? 0) + 1
          : Math.max(lengths[(i + 1) * width + j] ?? 0, lengths[i * width + j + 1] ?? 0);
  const rows: DiffRow[] = [];
  for (let i = 0, j = 0; i < a.length || j < b.length;) {
    const [left, right] = [a[i], b[j]];
    if (left !== undefined && left === right) {
      rows.push({ before: left, after: right });
      i += 1;
      j += 1;
    } else if (
      right === undefined ||
      (left !== undefined && (lengths[(i + 1) * width + j] ?? 0) >= (lengths[i * width + j + 1] ?? 0))
    ) {
      rows.push({ before: left ?? '', after: null });
      i += 1;
    } else {
      rows.push({ before: null, after: right });
      j += 1;
    }
  }
  return rows;
}
