/** A list of cells in the order of the work, each at its depth, with lines from what it reads. Pure. */
export interface LineageRow {
  name: string;
  x: number;
}
export interface Lineage {
  rows: LineageRow[];
  paths: string[];
  width: number;
  /** The list is of one cell's surroundings. */
  focused: boolean;
}

const step = 16;
const rowHeight = 24;
const maxDepth = 5;

export function layLineage(
  names: readonly string[],
  reads: ReadonlyMap<string, readonly string[]>,
  focus: string,
): Lineage {
  const wanted = reads.has(focus) ? around(focus, reads) : null;
  const focused = wanted !== null && wanted.size > 1;
  const shown = focused ? names.filter((name) => wanted.has(name)) : [...names];
  const depth = depths(shown, reads);
  const ordered = [...shown].sort(
    (a, b) => (depth.get(a) ?? 0) - (depth.get(b) ?? 0) || names.indexOf(a) - names.indexOf(b),
  );
  const rows = ordered.map((name) => ({ name, x: 6 + step * Math.min(depth.get(name) ?? 0, maxDepth) }));
  const at = new Map(rows.map((row, index) => [row.name, { x: row.x + 6, y: index * rowHeight + rowHeight / 2 }]));
  const paths = rows.flatMap((row) =>
    (reads.get(row.name) ?? []).flatMap((from) => line(at.get(from), at.get(row.name))),
  );
  return { rows, paths, width: 24 + step * Math.min(Math.max(0, ...depth.values()), maxDepth), focused };
}

function line(from: { x: number; y: number } | undefined, to: { x: number; y: number } | undefined): string[] {
  if (!from || !to) return [];
  return [`M${from.x} ${from.y + 7}V${to.y - 6}Q${from.x} ${to.y} ${Math.min(from.x + 6, to.x)} ${to.y}H${to.x - 7}`];
}

/** Everything above and below a cell, and itself. */
function around(focus: string, reads: ReadonlyMap<string, readonly string[]>): Set<string> {
  const readers = new Map<string, string[]>();
  for (const [name, froms] of reads) for (const from of froms) readers.set(from, [...(readers.get(from) ?? []), name]);
  return new Set([...reach(focus, reads), ...reach(focus, readers)]);
}

function reach(start: string, next: ReadonlyMap<string, readonly string[]>): Set<string> {
  const seen = new Set<string>();
  const queue = [start];
  for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
    if (seen.has(name)) continue;
    seen.add(name);
    queue.push(...(next.get(name) ?? []));
  }
  return seen;
}

/** Longest way from a cell that reads nothing; a cycle counts as nothing read. */
function depths(names: readonly string[], reads: ReadonlyMap<string, readonly string[]>): Map<string, number> {
  const known = new Map<string, number>();
  const inside = new Set(names);
  const visit = (name: string, path: ReadonlySet<string>): number => {
    const found = known.get(name);
    if (found !== undefined) return found;
    if (path.has(name)) return 0;
    const above = (reads.get(name) ?? []).filter((from) => inside.has(from));
    const depth = Math.max(0, ...above.map((from) => visit(from, new Set([...path, name])) + 1));
    known.set(name, depth);
    return depth;
  };
  for (const name of names) visit(name, new Set());
  return known;
}
