/**
 * Whether the windows of a backfill may be made newest first: only where the tables end as they do oldest first.
 *
 * N1  A merge with `sequence_by` keeps the row that comes later by it, whichever came first; one without keeps the last
 *     that came. What keeps a history adds to what was there.
 * N2  What is made whole and depends on the window is, in the end, that of the last window made.
 * N3  Rows that look at earlier ones (`lookback`, window functions, ASOF) of a cell that is filled along need those to be there.
 */
import type { Said } from '@datacraft/shared';
import { say } from '@datacraft/shared';
import type { CompiledCell, Graph } from '../compile/graph.ts';
import { isSelectCell } from '../compile/graph.ts';
import { tokensOf } from '../compile/sql-token.ts';
import { strategyOf } from '../materialize/incremental.ts';

const BOUND = ['logical_date', 'interval_start', 'interval_end'];
/** Model kinds whose rows depend on those that were there. */
const HISTORIES = ['dimension', 'fact', 'satellite'];

/** Why not, of the first cell that keeps it from it; null when it may. `only`: the cells that are filled; default all. */
export function whyOldestFirst(graph: Graph, only?: ReadonlySet<string>): Said | null {
  for (const name of graph.order) {
    const cell = graph.cells.get(name);
    if (cell === undefined || cell.relation === null || only?.has(name) === false) continue;
    const why = whyOf(cell, graph, only);
    if (why !== null)
      return say('`{cell}` cannot be filled newest first: {why}; take oldest_first', { cell: name, why });
  }
  return null;
}

function whyOf(cell: CompiledCell, graph: Graph, only: ReadonlySet<string> | undefined): Said | null {
  if (HISTORIES.includes(cell.materialize ?? '')) return say('it adds to the history that is there');
  if (!isAddedTo(cell))
    return isOfWindow(cell, graph) ? say('each window makes it whole, so the oldest would stay') : null;
  if (isSelectCell(cell) && strategyOf(cell.spec) === 'merge' && cell.spec.sequence_by === undefined)
    return say('it merges without sequence_by, so older rows would replace newer ones');
  const { read, looksBack } = seenBy(cell, graph);
  const filled = read.find((name) => only?.has(name) ?? true);
  return looksBack && filled !== undefined
    ? say('it looks at earlier rows of {filled}, which are not there yet', { filled })
    : null;
}

/** Windows add to it; everything else is made whole each time. */
function isAddedTo(cell: CompiledCell): boolean {
  return cell.materialize === 'incremental' || cell.materialize === 'hub' || cell.materialize === 'link';
}

/** N2; what reads a table that is added to sees all windows. */
function isOfWindow(cell: CompiledCell, graph: Graph): boolean {
  if (cell.inputs.some((name) => BOUND.includes(name))) return true;
  return upstreamOf(cell, graph).some((each) => !isAddedTo(each) && isOfWindow(each, graph));
}

interface Seen {
  /** Cells that are added to, which it reads, also by way of others. */
  readonly read: readonly string[];
  /** It or one on the way looks at other rows than the one it makes. */
  readonly looksBack: boolean;
}

function seenBy(cell: CompiledCell, graph: Graph): Seen {
  const above = upstreamOf(cell, graph).map((each) =>
    isAddedTo(each) ? { read: [each.name], looksBack: false } : seenBy(each, graph),
  );
  return {
    read: above.flatMap(({ read }) => read),
    looksBack: looksBack(cell) || above.some((each) => each.looksBack),
  };
}

function looksBack(cell: CompiledCell): boolean {
  if (!isSelectCell(cell)) return false;
  const { sql, spec } = cell;
  const words = sql === null ? [] : tokensOf(sql).filter(({ kind }) => kind === 'word');
  const isWindowed = words.some(({ start, end }) => /^(over|asof)$/i.test((sql ?? '').slice(start, end)));
  return isWindowed || (spec.lookback !== undefined && Number.parseInt(String(spec.lookback), 10) !== 0);
}

function upstreamOf(cell: CompiledCell, { cells }: Graph): CompiledCell[] {
  return cell.dependsOn.flatMap((name) => cells.get(name) ?? []);
}
