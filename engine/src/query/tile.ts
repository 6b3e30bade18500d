/**
 * One tile of a dashboard: bounded rows of one cell, and what decides them, so that callers can keep an answer for
 * as long as it would be the same.
 */
import type { ChartSpec, Column, RelationRef, ResultPage } from '@datacraft/shared';
import { chartQuery, quoteIdentifier, relationName } from '@datacraft/shared';
import type { CompiledCell, Graph } from '../compile/graph.ts';
import { dagOf } from '../compile/graph.ts';
import { upstreamOf } from '../graph/dag.ts';
import type { PublishedRelation } from '../store/relations.ts';
import { readableRelations } from '../run/warehouse.ts';
import type { CellRead, OpenCell } from './cell.ts';
import { withCell } from './cell.ts';
import type { QueryDeps } from './query.ts';

export interface TileRows {
  readonly page: ResultPage;
  readonly dataAt: Date | null;
}

const TABLE_ROWS = 200;
const CHART_ROWS = 20_000;
const MAX_BYTES = 8_000_000;
const MAX_OPTIONS = 1_000;

/** A chart's rows have the columns of its `chartQuery`; any other cell's are its first rows. */
export function tilePage(read: CellRead, open: Open): Promise<ResultPage> {
  const cell = read.compiled.graph.cells.get(read.cell);
  return cell?.kind === 'chart' ? chartPage(cell.spec, open) : firstRows(open);
}

type Open = Pick<OpenCell, 'session' | 'select'>;

async function firstRows({ session, select }: Open): Promise<ResultPage> {
  return session.rows(select, { limit: TABLE_ROWS, countTotal: true, maxBytes: MAX_BYTES });
}

async function chartPage(spec: ChartSpec, { session, select }: Open): Promise<ResultPage> {
  const columns = await session.describe(select);
  const bounded = spec.type === 'table' ? { ...spec, limit: Math.min(spec.limit ?? TABLE_ROWS, TABLE_ROWS) } : spec;
  const query = chartQuery(bounded, columns, `(\n${select}\n)`);
  const page = await session.rows(query.sql, { limit: CHART_ROWS, maxBytes: MAX_BYTES });
  return spec.type === 'table' ? namedTable(page, spec, columns) : page;
}

/** A table's columns go by their own names again, and its `total` by where totals belong. */
function namedTable(page: ResultPage, spec: ChartSpec, columns: readonly Column[]): ResultPage {
  const names = spec.columns ?? columns.map((column) => column.name);
  const total = page.rows.length === 0 ? 0 : Number(page.rows[0]?.[names.length] ?? page.rows.length);
  return {
    columns: page.columns.slice(0, names.length).map((column, at) => ({ ...column, name: names[at] ?? column.name })),
    rows: page.rows.map((row) => row.slice(0, names.length)),
    totalRows: total,
    truncated: total > page.rows.length,
  };
}

export interface OptionsOf {
  readonly column: string;
  readonly label?: string;
}

/** Distinct values of a column of `read.cell`, in their order, with their labels. */
export async function readOptions(
  read: CellRead,
  { column, label }: OptionsOf,
  deps: QueryDeps,
): Promise<{ value: string | number; label: string }[]> {
  const value = quoteIdentifier(column);
  const shown = label === undefined ? value : quoteIdentifier(label);
  return withCell(read, deps, async ({ session, select }) => {
    const { columns, rows } = await session.rows(
      `select ${value} as value, any_value(${shown})::varchar as label from (\n${select}\n) where ${value} is not null group by ${value} order by ${value}`,
      { limit: MAX_OPTIONS },
    );
    const isNumber = /^(U?(TINY|SMALL|BIG)?INT(EGER)?|DOUBLE|FLOAT)\b/i.test(columns[0]?.type ?? '');
    return rows.map(([option, text]) => ({
      value: isNumber && Number.isSafeInteger(Number(option)) ? Number(option) : String(option),
      label: typeof text === 'string' ? text : String(option),
    }));
  });
}

export interface TileReads {
  /** Input cells upstream: the only parameters that can change the rows. */
  readonly inputs: readonly string[];
  /** Every published name that the rows may come from. */
  readonly relations: readonly RelationRef[];
  /** All cells upstream, by name. */
  readonly cells: readonly string[];
}

export function tileReads(graph: Graph, name: string): TileReads {
  const names = [name, ...upstreamOf(dagOf(graph), name)];
  const cells = names.flatMap((each) => graph.cells.get(each) ?? []);
  const refs = cells.flatMap((cell) => [...(cell.relation ? [cell.relation] : []), ...cell.tables, ...cell.sides]);
  return {
    inputs: cells.filter((cell) => cell.kind === 'input').map((cell) => cell.name),
    relations: [...new Map(refs.map((ref) => [relationName(ref), ref])).values()],
    cells: names.slice(1),
  };
}

/** What is published under these names and, for views, under the names they read, down to the tables. */
export async function publishedNow(
  refs: readonly RelationRef[],
  deps: Pick<QueryDeps, 'db' | 'mayRead'>,
): Promise<Map<string, PublishedRelation>> {
  const known = new Map<string, PublishedRelation>();
  const asked = new Set<string>();
  let wanted = [...refs];
  while (wanted.length > 0) {
    for (const ref of wanted) asked.add(relationName(ref));
    const found = await readableRelations(deps, wanted);
    for (const [name, relation] of found) known.set(name, relation);
    const below = [...found.values()].flatMap((relation) => relation.definition?.reads ?? []);
    wanted = below.filter((name) => !asked.has(name)).flatMap(refOf);
  }
  return known;
}

/** Whether something the cell is computed from was never run. */
export function neverRun(
  graph: Graph,
  name: string,
  published: ReadonlyMap<string, unknown>,
  seen: ReadonlySet<string> = new Set(),
): boolean {
  const cell = graph.cells.get(name);
  if (cell === undefined || seen.has(name)) return false;
  if (cell.tables.some((ref) => !published.has(relationName(ref)))) return true;
  if (cell.relation !== null && published.has(relationName(cell.relation)) && !dependsOnInput(graph, name))
    return false;
  if (isLeaf(cell)) return !(cell.relation !== null && published.has(relationName(cell.relation)));
  return cell.dependsOn.some((each) => neverRun(graph, each, published, new Set([...seen, name])));
}

function isLeaf(cell: CompiledCell): boolean {
  return cell.kind === 'source' && cell.spec.type !== 'table';
}

function dependsOnInput(graph: Graph, name: string): boolean {
  return tileReads(graph, name).inputs.length > 0;
}

function refOf(name: string): RelationRef[] {
  const [layer, table] = name.split('.');
  const isLayer = layer === 'bronze' || layer === 'silver' || layer === 'gold';
  return isLayer && table !== undefined ? [{ layer, name: table }] : [];
}
