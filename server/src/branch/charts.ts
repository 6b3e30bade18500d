import { tilePage, withCell } from '@datacraft/engine';
import type { BranchChart, BranchCharts, CellId, ChartSpec } from '@datacraft/shared';
import { Fault, isFault, say } from '@datacraft/shared';
import type { ServerEngine } from '../engine.ts';
import { ownerOf } from '../engine.ts';
import type { Rooms } from '../room/rooms.ts';

interface ChartsDeps {
  readonly engine: ServerEngine;
  readonly rooms: Rooms;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** A chart as it is drawn on main and in the branch, each from its own cells' rows as they were last published. */
export async function branchCharts(
  asked: { readonly branchId: string; readonly parentId: string; readonly cellId: CellId },
  deps: ChartsDeps,
): Promise<BranchCharts> {
  const [main, branch] = await Promise.all([
    chartIn(asked.parentId, asked.cellId, deps),
    chartIn(asked.branchId, asked.cellId, deps),
  ]);
  if (main === null && branch === null)
    throw new Fault('not-found', say('neither the branch nor its notebook has a chart {cell}', { cell: asked.cellId }));
  return { main, branch };
}

/** Null where there is no such chart. */
async function chartIn(notebookId: string, cellId: CellId, deps: ChartsDeps): Promise<BranchChart | null> {
  const { engine, rooms, timeoutMs, signal } = deps;
  const notebook = await rooms.notebook(notebookId);
  if (!notebook.cells.some((cell) => cell.id === cellId && cell.kind === 'chart')) return null;
  const compiled = await engine.compile(notebook);
  const chart = [...compiled.graph.cells.values()].find((cell) => cell.id === cellId);
  if (chart?.kind !== 'chart') return { spec: null, page: null, problem: 'this chart has an error in its settings' };
  const spec: ChartSpec = chart.spec;
  const { key: ownerKey } = ownerOf(notebookId, notebook.title);
  const today = engine.run.now().toISOString().slice(0, 10);
  const read = { compiled, cell: chart.name, params: {}, today, ownerKey, timeoutMs, signal };
  try {
    const page = await withCell(read, await engine.readingIn(notebookId), (open) => tilePage(read, open));
    return { spec, page, problem: null };
  } catch (error) {
    if (isFault(error) && error.code !== 'internal') return { spec, page: null, problem: error.message };
    throw error;
  }
}
