import type { CellKind } from '../document/cell.ts';

/** How an input column decides which rows or which value there is, without being in it. */
export type LineageIndirect = 'filter' | 'join' | 'group' | 'sort' | 'window' | 'condition';

/** One input column of an output. */
export interface LineageEdge {
  /** `layer.name`; of an input's parameter `$name`. */
  readonly table: string;
  readonly column: string;
  readonly kind: 'direct' | LineageIndirect;
  /** Of direct edges. */
  readonly how: 'identity' | 'transform' | 'aggregate' | null;
}

export interface LineageColumn {
  readonly name: string;
  readonly type: string | null;
  readonly from: readonly LineageEdge[];
}

/** Of what one cell makes its columns. */
export interface CellLineage {
  readonly cell: string;
  readonly kind: CellKind;
  /** `layer.name`; null for charts and inputs. */
  readonly relation: string | null;
  /** Its rows are a table or view of their own, so that other notebooks may read them. */
  readonly isPublished: boolean;
  readonly columns: readonly LineageColumn[];
  /** What decides which rows there are: of every column alike. */
  readonly rows: readonly LineageEdge[];
  /** What is not known, in words. */
  readonly gaps: readonly string[];
}

/** A cell or a table in the graph of columns. */
export interface LineageNode {
  /** `layer.name`, `$input` or `notebook/cell`. */
  readonly key: string;
  readonly kind: CellKind | 'table';
  readonly cell: string | null;
  readonly notebookId: string | null;
  readonly notebookTitle: string;
  readonly columns: readonly { readonly name: string; readonly type: string | null }[];
  readonly gaps: readonly string[];
}

/** From a column to a column; `toColumn` is null where all rows of the other depend on it. */
export interface LineageLink {
  readonly from: string;
  readonly fromColumn: string;
  readonly to: string;
  readonly toColumn: string | null;
  readonly kind: LineageEdge['kind'];
  readonly how: LineageEdge['how'];
}

export interface LineageGraph {
  readonly nodes: readonly LineageNode[];
  readonly links: readonly LineageLink[];
}

/** A cell with the notebook it stands in. */
export interface PlacedLineage extends CellLineage {
  readonly notebookId: string | null;
  readonly notebookTitle: string;
  /** Whose cells see each other's unpublished relations. */
  readonly owner: string;
}

/** The graph of all columns; tables that no cell is known to make are nodes by the columns that are read of them. */
export function lineageGraph(cells: readonly PlacedLineage[]): LineageGraph {
  const published = new Map(
    cells.flatMap((cell) => (cell.relation !== null && cell.isPublished ? [[cell.relation, cell]] : [])),
  );
  const nodes = new Map<string, LineageNode>(cells.map((cell) => [keyOf(cell), nodeOf(cell)]));
  const own = new Map(
    cells.flatMap((cell) => namesOf(cell).map((name) => [`${cell.owner}\0${name}`, keyOf(cell)] as const)),
  );
  const links: LineageLink[] = [];
  const missing = new Map<string, Set<string>>();
  for (const cell of cells) {
    const to = keyOf(cell);
    const link = (edge: LineageEdge, toColumn: string | null) => {
      const found = own.get(`${cell.owner}\0${edge.table}`) ?? (published.has(edge.table) ? edge.table : undefined);
      if (found === undefined) missing.set(edge.table, (missing.get(edge.table) ?? new Set()).add(edge.column));
      links.push({ from: found ?? edge.table, fromColumn: edge.column, to, toColumn, kind: edge.kind, how: edge.how });
    };
    for (const column of cell.columns) for (const edge of column.from) link(edge, column.name);
    for (const edge of cell.rows) link(edge, null);
  }
  for (const [key, columns] of missing) nodes.set(key, unknownTable(key, columns));
  return { nodes: [...nodes.values()], links };
}

/** Published tables are known by their name, everything else within its notebook. */
export function keyOf(cell: PlacedLineage): string {
  return cell.relation !== null && cell.isPublished ? cell.relation : `${cell.owner}/${cell.cell}`;
}

function namesOf(cell: PlacedLineage): readonly string[] {
  if (cell.kind === 'input') return cell.columns.map(({ name }) => `$${name}`);
  return cell.relation === null ? [] : [cell.relation];
}

function nodeOf(cell: PlacedLineage): LineageNode {
  return {
    key: keyOf(cell),
    kind: cell.kind,
    cell: cell.cell,
    notebookId: cell.notebookId,
    notebookTitle: cell.notebookTitle,
    columns: cell.columns.map(({ name, type }) => ({ name, type })),
    gaps: cell.gaps,
  };
}

function unknownTable(key: string, columns: ReadonlySet<string>): LineageNode {
  return {
    key,
    kind: 'table',
    cell: null,
    notebookId: null,
    notebookTitle: '',
    columns: [...columns].map((name) => ({ name, type: null })),
    gaps: [],
  };
}
