/** A cell and the names it reads. */
export interface Reader {
  readonly id: string;
  readonly name: string;
  readonly reads: readonly string[];
}

/** Cells that read what changed, near or far, and did not change themselves; in their own order. */
export function downstreamOf<Cell extends Reader>(cells: readonly Cell[], changed: readonly string[]): Cell[] {
  const reached = new Set(changed);
  for (let before = -1; before !== reached.size;) {
    before = reached.size;
    for (const { name, reads } of cells) if (reads.some((each) => reached.has(each))) reached.add(name);
  }
  return cells.filter(({ name }) => reached.has(name) && !changed.includes(name));
}
