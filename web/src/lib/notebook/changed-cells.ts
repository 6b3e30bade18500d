interface Entries {
  get(key: string): unknown;
}

/** Ids of the cells whose text, settings or place a transaction changed, given the shared types it touched. */
export function changedCells(cells: Iterable<[string, Entries]>, changed: Iterable<unknown>): string[] {
  const touched = new Set(changed);
  const found: string[] = [];
  for (const [id, cell] of cells) {
    if (touched.has(cell) || touched.has(cell.get('source')) || touched.has(cell.get('config'))) found.push(id);
  }
  return found;
}
