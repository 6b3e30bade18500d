import type { CellId, DashboardDraft, DashboardLayout, Notebook } from '@datacraft/shared';
import { Fault, layoutProblem, tileSize, say } from '@datacraft/shared';
import { tileReads } from '@datacraft/engine';
import { wordsOf } from '../dashboard/view.ts';
import type { ServerEngine } from '../engine.ts';
import { NotebookInvalid } from '../middleware/notebook-invalid.ts';
import type { LayoutBody } from './dashboard-paths.ts';

/** An arrangement that fits its grid. */
export function checkedLayout(body: LayoutBody): DashboardLayout {
  const problem = layoutProblem(body.tiles);
  if (problem !== null) throw new Fault('bad-request', say('layout: {problem}', { problem }));
  const { title, description } = body;
  return {
    ...(title === undefined ? {} : { title }),
    ...(description === undefined ? {} : { description }),
    tiles: body.tiles.map(({ title: own, cellId, ...rect }) => ({
      cellId: cellId as CellId,
      ...rect,
      ...(own === undefined ? {} : { title: own }),
    })),
  };
}

/** An arrangement of cells that are there. */
export function givenLayout(body: LayoutBody | undefined, notebook?: Notebook): DashboardLayout | undefined {
  if (body === undefined) return undefined;
  const layout = checkedLayout(body);
  const missing = layout.tiles.find((tile) => notebook && !notebook.cells.some((cell) => cell.id === tile.cellId));
  if (missing)
    throw new Fault('bad-request', say('layout: there is no cell {cell} in this notebook', { cell: missing.cellId }));
  return layout;
}

/** Cells that may stand on a dashboard, with the size they begin with. */
export function placeable(notebook: Notebook): DashboardDraft['cells'] {
  return notebook.cells.flatMap((cell) => {
    const size = tileSize(cell);
    if (size === null) return [];
    const { id: cellId, kind, name } = cell;
    const title = cell.config['title'] ?? cell.config['label'];
    const words =
      kind === 'markdown' ? (cell.source.trim().split('\n', 1)[0] ?? '').replace(/^#+\s*/, '') : wordsOf(name);
    return [{ cellId, kind, name, title: typeof title === 'string' ? title : words.slice(0, 120), ...size }];
  });
}

/** What viewers would only see fail is refused now, with the findings. Cells that the dashboard does not need may err. */
export async function refuseBroken(engine: ServerEngine, notebook: Notebook, layout: DashboardLayout): Promise<void> {
  const { graph, diagnostics } = await engine.compile(notebook);
  const names = new Set<string>();
  for (const { cellId } of layout.tiles) {
    const cell = notebook.cells.find((each) => each.id === cellId);
    if (!cell || cell.kind === 'markdown') continue;
    names.add(cell.name);
    if (graph.cells.has(cell.name)) for (const each of tileReads(graph, cell.name).cells) names.add(each);
  }
  const findings = diagnostics.filter((finding) => finding.severity === 'error' && names.has(finding.cell ?? ''));
  if (findings.length > 0)
    throw new NotebookInvalid('the dashboard shows cells with errors; mend them, then publish', findings);
}
