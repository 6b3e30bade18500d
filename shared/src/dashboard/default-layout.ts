import type { Cell } from '../document/cell.ts';
import type { Notebook } from '../document/notebook.ts';
import type { DashboardLayout, LayoutTile } from '../protocol/dashboard.ts';
import { freePlace, LAYOUT_COLUMNS } from './layout.ts';

/** How large a cell is when it comes onto a dashboard; null for one that cannot be shown. */
export function tileSize(cell: Pick<Cell, 'kind' | 'config' | 'source'>): { w: number; h: number } | null {
  switch (cell.kind) {
    case 'input':
      return { w: 3, h: 1 };
    case 'chart':
      return chartSize(cell.config['type']);
    case 'sql':
    case 'source':
    case 'transform':
      return { w: 12, h: 5 };
    case 'markdown':
      return { w: 12, h: proseHeight(cell.source) };
    case 'model':
      return null;
  }
}

/** Rows that prose needs at full width: 24 px for a heading, 20 px for each line of at most 88 characters. */
function proseHeight(source: string): number {
  const lines = source.split('\n').filter((line) => line.trim() !== '');
  const pixels = lines.reduce(
    (sum, line) => sum + (line.startsWith('#') ? 24 : 20 * Math.ceil(line.length / 88) + 4),
    16,
  );
  return Math.max(1, Math.min(8, Math.ceil((pixels + 8) / 72)));
}

function chartSize(type: unknown): { w: number; h: number } {
  if (type === 'metric') return { w: 3, h: 2 };
  return type === 'table' || type === 'pivot' ? { w: 12, h: 5 } : { w: 6, h: 5 };
}

/**
 * Inputs first, then charts and headed prose in page order. Rows of one kind are widened to fill the columns, so that
 * three figures stand side by side as thirds.
 */
export function defaultLayout(notebook: Notebook): DashboardLayout {
  const inputs = notebook.cells.filter((cell) => cell.kind === 'input');
  const shown = notebook.cells.filter((cell) => cell.kind === 'chart' || isHeaded(cell, notebook.title));
  // A heading comes along when a chart follows it before the next one.
  const rest = shown.filter((cell, at) => cell.kind === 'chart' || shown[at + 1]?.kind === 'chart');
  const tiles: LayoutTile[] = [];
  for (const group of [...groupsOf(inputs), ...groupsOf(rest)]) {
    const top = Math.max(0, ...tiles.map((tile) => tile.y + tile.h));
    for (const { cell, w, h } of group) {
      const row: LayoutTile[] = tiles.filter((tile) => tile.y >= top);
      const place = freePlace([{ x: 0, y: 0, w: LAYOUT_COLUMNS, h: top }, ...row], w, h);
      tiles.push({ cellId: cell.id, ...place });
    }
  }
  return { tiles };
}

interface Sized {
  readonly cell: Cell;
  readonly w: number;
  readonly h: number;
}

/** Runs of neighbours of one size, each cut into full rows, the last row widened. */
function groupsOf(cells: readonly Cell[]): Sized[][] {
  const runs: Sized[][] = [];
  for (const cell of cells) {
    const size = tileSize(cell);
    if (size === null) continue;
    const run = runs.at(-1);
    const last = run?.at(-1);
    if (run && last && last.w === size.w && last.h === size.h && cell.kind === last.cell.kind)
      run.push({ cell, ...size });
    else runs.push([{ cell, ...size }]);
  }
  return runs.flatMap((run) => rowsOf(run));
}

function rowsOf(run: readonly Sized[]): Sized[][] {
  const each = Math.floor(LAYOUT_COLUMNS / (run[0]?.w ?? LAYOUT_COLUMNS));
  const rows: Sized[][] = [];
  for (let at = 0; at < run.length; at += each) {
    const row = run.slice(at, at + each);
    const isInput = row[0]?.cell.kind === 'input';
    const w = isInput ? (row[0]?.w ?? 3) : Math.floor(LAYOUT_COLUMNS / row.length);
    rows.push(row.map((tile) => ({ ...tile, w })));
  }
  return rows;
}

/** Prose that opens with a heading, beyond the one that repeats the title. */
function isHeaded(cell: Cell, title: string): boolean {
  if (cell.kind !== 'markdown' || !/^#{1,3} /.test(cell.source.trimStart())) return false;
  return withoutTitle(cell.source, title).trim() !== '' && cell.source.length <= 1200;
}

/** Prose as it stands under a page title: the heading that says the same is left out. */
export function withoutTitle(source: string, title: string): string {
  const [first = '', ...rest] = source.trimStart().split('\n');
  return /^# /.test(first) && first.slice(2).trim() === title.trim() ? rest.join('\n').trimStart() : source;
}
