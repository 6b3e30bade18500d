/** What is shown in a browser, as the parts of a report that is printed or mailed. */
import type { Report, ReportPart, TileRows } from '@datacraft/engine';
import type { Cell, DashboardTile, DashboardView, TileData } from '@datacraft/shared';
import { english, type Words } from '@datacraft/shared';
import { inPortuguese } from '@datacraft/shared/portuguese';
import MarkdownIt from 'markdown-it';
import type { Exportable } from './export.ts';
import { partsOfHtml } from './html-parts.ts';

export type ReportLanguage = Report['language'];

const markdown = new MarkdownIt({ html: false, linkify: false, typographer: false });

/** A published dashboard, its tiles from top to bottom. It holds no more than the view does. */
export function dashboardReport(view: DashboardView, language: ReportLanguage): Report {
  const chosen = view.inputs
    .filter(({ value }) => value !== null)
    .map(
      ({ name, spec, value }) => `${spec.label ?? name}: ${Array.isArray(value) ? value.join(' – ') : String(value)}`,
    );
  const tiles = view.tiles.toSorted((a, b) => a.y - b.y || a.x - b.x);
  return {
    title: view.title,
    description: view.description,
    language,
    version: { number: view.version, at: view.publishedAt },
    dataAt: view.data.oldestDataAt,
    parts: [
      ...(chosen.length === 0 ? [] : [{ kind: 'note', text: chosen.join(' · ') } as const]),
      ...tiles.flatMap((tile) => partsOfTile(tile, view.data.tiles[tile.id], language)),
    ],
  };
}

function partsOfTile(tile: DashboardTile, data: TileData | undefined, language: ReportLanguage): ReportPart[] {
  if (tile.kind === 'input') return [];
  const head: ReportPart[] = tile.title === null ? [] : [{ kind: 'heading', text: tile.title }];
  if (tile.kind === 'markdown') return [...head, ...partsOfHtml(tile.html)];
  if (data?.state !== 'ok') return [...head, { kind: 'note', text: said('There are no rows to show.', language) }];
  const old =
    data.stale === undefined ? [] : [{ kind: 'note', text: said('This is not up to date.', language) } as const];
  if (tile.kind === 'table') return [...head, ...old, { kind: 'table', page: data.page }];
  return [...head, ...old, { kind: 'chart', chart: tile.chart, page: data.page }];
}

export interface NotebookRows {
  readonly rows: ReadonlyMap<string, TileRows>;
  readonly version: Report['version'];
}

/** A notebook with its texts, its SQL and the first rows of its cells. */
export function notebookReport(
  { notebook, compiled }: Exportable,
  { rows, version }: NotebookRows,
  language: ReportLanguage,
): Report {
  const ages = [...rows.values()].flatMap(({ dataAt }) => (dataAt === null ? [] : [dataAt.toISOString()]));
  const cells = notebook.cells.filter((cell) => cell.deletedAt === undefined);
  return {
    title: notebook.title,
    description: null,
    language,
    version,
    dataAt: ages.sort()[0] ?? null,
    parts: cells.flatMap((cell) => partsOfCell(cell, { rows, compiled }, language)),
  };
}

function partsOfCell(
  cell: Cell,
  { rows, compiled }: Pick<NotebookRows, 'rows'> & Pick<Exportable, 'compiled'>,
  language: ReportLanguage,
): ReportPart[] {
  if (cell.kind === 'markdown') return partsOfHtml(markdown.render(cell.source));
  const known = compiled.graph.cells.get(cell.name);
  const title = known?.kind === 'chart' ? (known.spec.title ?? cell.name) : cell.name;
  const about = cell.config['description'];
  const parts: ReportPart[] = [
    { kind: 'heading', text: title },
    ...(typeof about === 'string' ? [{ kind: 'note', text: about } as const] : []),
    ...(cell.kind === 'sql' ? [{ kind: 'code', text: cell.source.trim() } as const] : []),
  ];
  if (cell.kind === 'input') return parts;
  const found = known?.kind === cell.kind ? rows.get(cell.name) : undefined;
  if (found === undefined) return [...parts, { kind: 'note', text: said('There are no rows to show.', language) }];
  if (known?.kind === 'chart') return [...parts, { kind: 'chart', chart: known.spec, page: found.page }];
  const page = { ...found.page, totalRows: found.page.totalRows ?? found.page.rows.length };
  return [...parts, { kind: 'table', page: { ...page, rows: page.rows.slice(0, ROWS) } }];
}

const ROWS = 50;

function said(words: Words, language: ReportLanguage): string {
  return (language === 'pt' ? inPortuguese(words) : null) ?? english(words);
}
