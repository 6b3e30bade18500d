/**
 * A notebook as one HTML page: prose, SQL, first rows, charts as pictures or tables.
 *
 * H1  It needs nothing else and runs nothing: no script, no address of ours, a policy that forbids both.
 * H2  It holds the rows that the one who exports may read, and of sources neither addresses nor secrets.
 */
import type { Cell, ResultPage } from '@datacraft/shared';
import MarkdownIt from 'markdown-it';
import { chartSvg } from './chart-svg.ts';
import { escapeHtml } from './escape-html.ts';
import type { Exportable } from './export.ts';

const markdown = new MarkdownIt({ html: false, linkify: true, typographer: false });
const ROWS = 50;
/** Columns of a chart's query that are there to draw it. */
const quiet = /^(total|others|k|base|rank)$/;

export function notebookHtml(
  { notebook, compiled }: Exportable,
  rows: ReadonlyMap<string, ResultPage>,
  at: Date,
): string {
  const title = escapeHtml(notebook.title);
  const parts = notebook.cells
    .filter((cell) => cell.deletedAt === undefined)
    .map((cell) =>
      section(
        cell,
        compiled.graph.cells.get(cell.name)?.kind === cell.kind ? (rows.get(cell.name) ?? null) : null,
        compiled,
      ),
    );
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<title>${title}</title>
<style>${style}</style>
</head>
<body>
<header><b>${title}</b> <span>${escapeHtml(at.toISOString().slice(0, 16).replace('T', ' '))} UTC</span></header>
<main>
${parts.join('\n')}
</main>
</body>
</html>
`;
}

function section(cell: Cell, page: ResultPage | null, compiled: Exportable['compiled']): string {
  if (cell.kind === 'markdown') return `<section class="prose">${markdown.render(cell.source)}</section>`;
  const head = `<h4>${escapeHtml(cell.name)} <span>${cell.kind}${detail(cell)}</span></h4>`;
  const text = cell.kind === 'sql' ? `<pre>${escapeHtml(cell.source)}</pre>` : '';
  const said =
    typeof cell.config['description'] === 'string'
      ? `<p class="said">${escapeHtml(cell.config['description'])}</p>`
      : '';
  return `<section>${head}${said}${text}${cell.kind === 'input' ? '' : body(cell, page, compiled)}</section>`;
}

function detail(cell: Cell): string {
  const { type, layer, materialize, default: value } = cell.config;
  const words = [
    type,
    layer,
    materialize,
    cell.kind === 'input' && value !== undefined ? JSON.stringify(value) : undefined,
  ];
  return words.flatMap((word) => (typeof word === 'string' ? [` · ${escapeHtml(word)}`] : [])).join('');
}

function body(cell: Cell, page: ResultPage | null, compiled: Exportable['compiled']): string {
  if (page === null) return '<p class="none">No rows yet.</p>';
  const known = compiled.graph.cells.get(cell.name);
  if (known?.kind !== 'chart') return resultTable(page);
  const label = known.spec.title ?? cell.name;
  const picture = chartSvg(known.spec, page, label);
  const caption = `<figcaption>${escapeHtml(label)}${known.spec.unit === undefined ? '' : ` (${escapeHtml(known.spec.unit)})`}</figcaption>`;
  if (picture === null) return `<figure>${caption}${resultTable(page)}</figure>`;
  return `<figure>${caption}${picture}<details><summary>Rows</summary>${resultTable(page)}</details></figure>`;
}

export function resultTable({ columns, rows, totalRows }: ResultPage, most = ROWS): string {
  const shown = columns.flatMap(({ name, type }, at) =>
    quiet.test(name) && columns.some((each) => each.name === 'x' || each.name === 'y0') ? [] : [{ name, type, at }],
  );
  const isNumber = (type: string) => /INT|DECIMAL|DOUBLE|FLOAT/.test(type);
  const head = shown
    .map(({ name, type }) => `<th${isNumber(type) ? ' class="n"' : ''}>${escapeHtml(name)}</th>`)
    .join('');
  const lines = rows
    .slice(0, most)
    .map((row) => `<tr>${shown.map(({ at, type }) => valueCell(row[at], isNumber(type))).join('')}</tr>`);
  const total = totalRows ?? rows.length;
  const cut =
    total > Math.min(most, rows.length)
      ? `<p class="none">First ${Math.min(most, rows.length)} of ${total} rows.</p>`
      : '';
  return `<div class="rows"><table><thead><tr>${head}</tr></thead><tbody>${lines.join('')}</tbody></table></div>${cut}`;
}

function valueCell(value: unknown, isNumber: boolean): string {
  if (value === null || value === undefined) return '<td class="null">null</td>';
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
  return `<td${isNumber ? ' class="n"' : ''}>${escapeHtml(text)}</td>`;
}

const style = `
:root { color-scheme: light dark; --text: #16181d; --quiet: #5b6270; --line: #e3e5ea; --sunken: #f4f5f7; --page: #fff; }
@media (prefers-color-scheme: dark) { :root { --text: #e8eaee; --quiet: #9aa1ad; --line: #2c3038; --sunken: #1b1e24; --page: #121419; } }
body { margin: 0; background: var(--page); color: var(--text); font: 14px/20px Inter, system-ui, sans-serif; }
header, main { max-width: 860px; margin: 0 auto; padding: 16px 24px; }
header { border-bottom: 1px solid var(--line); }
header span, h4 span, .none, figcaption, .said, .legend { color: var(--quiet); font-size: 12px; font-weight: 400; }
section { margin: 24px 0; }
h4 { margin: 0 0 4px; font: 600 13px/20px ui-monospace, monospace; }
pre { background: var(--sunken); border-radius: 6px; padding: 12px; overflow-x: auto; white-space: pre-wrap; font: 12px/18px ui-monospace, monospace; }
.rows { overflow-x: auto; }
table { border-collapse: collapse; font-size: 12px; }
th, td { text-align: left; padding: 4px 12px 4px 0; border-bottom: 1px solid var(--line); white-space: nowrap; }
.n { text-align: right; font-variant-numeric: tabular-nums; }
.null { color: var(--quiet); font-style: italic; }
figure { margin: 8px 0; }
svg { width: 100%; height: auto; font-size: 11px; } svg text { fill: var(--quiet); }
@media print { :root { --text: #000; --quiet: #444; --line: #ccc; --sunken: #f4f5f7; --page: #fff; } body { font-size: 11px; } header, main { max-width: none; padding: 8px 0; } section { break-inside: avoid-page; } .rows { overflow: visible; } td, th { white-space: normal; } details { display: none; } }
`;
