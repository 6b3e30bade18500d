/** How far a change reaches: who reads what would be made anew, and whose columns would be gone. Pure. */
import type { CellLineage, PlacedLineage, PlannedReader } from '@datacraft/shared';
import { indexLineage, keyOf, lineageGraph } from '@datacraft/shared';

/** What is written now in the notebook, and what was published of it and of the notebooks that may be seen. */
export interface Lineages {
  readonly drafts: readonly PlacedLineage[];
  readonly stored: readonly PlacedLineage[];
}

/** Cells that read a lost column. Of the notebook itself only those whose text, as it is now, still does. */
export function brokenReaders(lost: ReadonlySet<string>, { drafts, stored }: Lineages): Map<string, string[]> {
  const own = new Map(drafts.map((draft) => [keyOf(draft), draft]));
  const broken = new Map<string, string[]>();
  if (lost.size === 0) return broken;
  for (const cell of stored) {
    const draft = own.get(keyOf(cell));
    if (draft === undefined && drafts.some(({ owner }) => owner === cell.owner)) continue;
    const read = readsOf(cell).filter((each) => lost.has(each));
    const still = draft === undefined ? read : read.filter((each) => stillReads(draft, each));
    if (still.length > 0) broken.set(keyOf(cell), still);
  }
  return broken;
}

/** A text that names a column which is gone has a gap there. */
function stillReads(draft: CellLineage, read: string): boolean {
  return draft.gaps.length > 0 || readsOf(draft).includes(read);
}

function readsOf({ rows, columns }: CellLineage): string[] {
  const edges = [...rows, ...columns.flatMap(({ from }) => from)];
  return [...new Set(edges.map(({ table, column }) => `${table}.${column}`))];
}

export interface Reached {
  /** Relations that would be made anew. */
  readonly made: ReadonlySet<string>;
  /** All relations of the plan. */
  readonly planned: ReadonlySet<string>;
  readonly lost: ReadonlySet<string>;
}

/** Whoever reads, at any distance, what would be made anew, those that break first. */
export function readersOf({ made, planned, lost }: Reached, lineages: Lineages): PlannedReader[] {
  const { drafts, stored } = lineages;
  const own = new Set(drafts.map(({ owner }) => owner));
  const cells = [...drafts, ...stored.filter(({ owner }) => !own.has(owner))];
  const touched = columnsReached(made, cells);
  const broken = brokenReaders(lost, lineages);
  const found = cells.flatMap((cell): PlannedReader[] => {
    const key = keyOf(cell);
    const columns = touched.get(key);
    const breaks = broken.get(key) ?? [];
    if (breaks.length === 0 && (columns === undefined || planned.has(key))) return [];
    const { kind, notebookId, notebookTitle } = cell;
    return [{ key, cell: cell.cell, kind, notebookId, notebookTitle, columns: inOrder(cell, columns), broken: breaks }];
  });
  return found.sort((a, b) => b.broken.length - a.broken.length);
}

/** As the cell has them. */
function inOrder({ columns }: CellLineage, reached: ReadonlySet<string> = new Set()): string[] {
  return columns.map(({ name }) => name).filter((name) => reached.has(name));
}

function columnsReached(made: ReadonlySet<string>, cells: readonly PlacedLineage[]): Map<string, Set<string>> {
  const index = indexLineage(lineageGraph(cells));
  const touched = new Map<string, Set<string>>();
  for (const relation of made) {
    for (const [key, columns] of index.reach({ key: relation, column: null }, 'down')) {
      const known = touched.get(key) ?? new Set<string>();
      for (const column of columns.keys()) if (column !== '') known.add(column);
      touched.set(key, known);
    }
  }
  return touched;
}
