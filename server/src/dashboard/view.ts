/**
 * What a viewer gets of a frozen notebook: built up from an allow-list, never by leaving things out.
 *
 * I6  Nothing here holds SQL, names of cells that are not shown, sources, ids of cells, people or paths.
 */
import { createHash } from 'node:crypto';
import type {
  Cell,
  CellId,
  ChartSpec,
  DashboardInput,
  DashboardLayout,
  DashboardTile,
  InputSpec,
  LayoutTile,
  Notebook,
} from '@datacraft/shared';
import { withoutTitle } from '@datacraft/shared';
import type { Compiled, CompiledCell } from '@datacraft/engine';
import MarkdownIt from 'markdown-it';

/** What is shown, with what the server needs to fill it; `cell` never leaves the process. */
export interface ShownTile {
  readonly tile: DashboardTile;
  readonly cellId: CellId;
  /** The cell to read, or null for tiles without data. */
  readonly cell: string | null;
}

/** Raw HTML is text, and links can only be links: markdown-it refuses `javascript:` and its kin. */
const markdown = new MarkdownIt({ html: false, linkify: true, typographer: false });

export interface Frozen {
  readonly title: string;
  readonly layout: DashboardLayout;
  readonly document: Notebook;
  readonly compiled: Compiled;
  /** Makes tile ids differ from version to version. */
  readonly salt: string;
}

export function shownTiles({ title, layout, document, compiled, salt }: Frozen): ShownTile[] {
  const cells = new Map(document.cells.map((cell) => [cell.id, cell]));
  return layout.tiles.flatMap((place) => {
    const cell = cells.get(place.cellId);
    const tile = cell && tileOf(place, cell, compiled.graph.cells.get(cell.name), title, salt);
    return tile ? [{ tile, cellId: place.cellId, cell: hasRows(tile) ? (cell?.name ?? null) : null }] : [];
  });
}

function hasRows(tile: DashboardTile): boolean {
  return tile.kind === 'chart' || tile.kind === 'table';
}

function tileOf(
  { x, y, w, h, title, cellId }: LayoutTile,
  cell: Cell,
  compiled: CompiledCell | undefined,
  pageTitle: string,
  salt: string,
): DashboardTile | null {
  const id = createHash('sha256').update(`${salt}/${cellId}`).digest('base64url').slice(0, 12);
  const base = { id, x, y, w, h };
  if (cell.kind === 'markdown') {
    const html = markdown.render(withoutTitle(cell.source, pageTitle));
    return { ...base, title: title ?? null, kind: 'markdown', html: opensElsewhere(html) };
  }
  if (compiled?.kind === 'chart') {
    return {
      ...base,
      title: title ?? compiled.spec.title ?? wordsOf(cell.name),
      kind: 'chart',
      chart: chartOf(compiled.spec),
    };
  }
  if (compiled?.kind === 'input') return { ...base, title: title ?? null, kind: 'input', input: cell.name };
  if (compiled?.kind === 'sql' || compiled?.kind === 'transform' || compiled?.kind === 'source')
    return { ...base, title: title ?? wordsOf(cell.name), kind: 'table' };
  return null;
}

function opensElsewhere(html: string): string {
  return html.replaceAll('<a href="http', '<a rel="noopener noreferrer" target="_blank" href="http');
}

/** `sales_by_channel` as people write it. */
export function wordsOf(name: string): string {
  const words = name.replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

const chartKeys = [
  'x', 'y', 'color', 'size', 'stack', 'sort', 'limit', 'bins', 'value', 'compare', 'rows', 'columns', 'values', 'title',
  'unit', 'description',
] as const satisfies readonly (keyof ChartSpec)[]; // prettier-ignore

function chartOf(spec: ChartSpec): Omit<ChartSpec, 'from'> {
  const shown = Object.fromEntries(chartKeys.flatMap((key) => (spec[key] === undefined ? [] : [[key, spec[key]]])));
  return { ...shown, type: spec.type };
}

const inputKeys = [
  'label',
  'default',
  'min',
  'max',
  'step',
  'unit',
  'description',
] as const satisfies readonly (keyof InputSpec)[];

export function inputSpecOf(spec: InputSpec): DashboardInput['spec'] {
  const shown = Object.fromEntries(inputKeys.flatMap((key) => (spec[key] === undefined ? [] : [[key, spec[key]]])));
  return { ...shown, type: spec.type };
}
