import type { CheckHistory, TableDoc } from '@datacraft/shared';

/** One table of the exported catalogue. */
export interface DocumentedTable extends TableDoc {
  readonly checks: readonly CheckHistory[];
}

const LAYERS = ['gold', 'silver', 'bronze'];

/** The catalogue as one Markdown file. */
export function catalogMarkdown(tables: readonly DocumentedTable[], at: Date): string {
  const parts = LAYERS.flatMap((layer) => {
    const found = tables.filter((table) => table.layer === layer);
    return found.length === 0 ? [] : [`## ${layer}`, ...found.map(tableMarkdown)];
  });
  return [`# Catalogue`, `${tables.length} tables, ${at.toISOString()}`, ...parts].join('\n\n') + '\n';
}

function tableMarkdown(table: DocumentedTable): string {
  const rows = table.columns.map(
    ({ name, type, description, tags }) =>
      `| \`${cell(name)}\` | ${cell(type)} | ${cell(description)} | ${cell(tags.join(', '))} |`,
  );
  const checks = table.checks.map(({ rule, status, at }) => `- ${rule}: ${status}, ${at}`);
  return [
    `### ${table.layer}.${table.name}`,
    ...(table.description === '' ? [] : [table.description]),
    facts(table)
      .map(([key, value]) => `- ${key}: ${value}`)
      .join('\n'),
    ['| column | type | description | tags |', '|---|---|---|---|', ...rows].join('\n'),
    ...(checks.length === 0 ? [] : [`Tests:\n\n${checks.join('\n')}`]),
  ].join('\n\n');
}

function facts(table: TableDoc): (readonly [string, string])[] {
  const all: (readonly [string, string])[] = [
    ['kept as', table.materialize + (table.scd === null ? '' : `, SCD ${table.scd}`)],
    ['rows', String(table.rows)],
    ['published', table.publishedAt],
    ['written by', `${table.notebookTitle || 'a notebook'}, cell ${table.cell}`],
    ['owner', table.owner ?? ''],
    ['key', table.uniqueKey.join(', ')],
    [
      'dimensions',
      Object.entries(table.dimensions)
        .map(([key, to]) => `${key} → ${to}`)
        .join(', '),
    ],
    ['tags', table.tags.join(', ')],
  ];
  return all.filter(([, value]) => value !== '');
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll(/\s*\n\s*/g, ' ');
}

/** The catalogue as one HTML page that needs nothing else. */
export function catalogHtml(tables: readonly DocumentedTable[], at: Date): string {
  const contents = LAYERS.flatMap((layer) => {
    const found = tables.filter((table) => table.layer === layer);
    const links = found.map(({ name }) => `<li><a href="#${esc(layer)}.${esc(name)}">${esc(name)}</a></li>`);
    return found.length === 0 ? [] : [`<h2>${layer}</h2><ul>${links.join('')}</ul>`];
  });
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Catalogue</title>
<style>
:root{color-scheme:light dark;font:14px/1.5 system-ui,sans-serif}body{margin:0;display:flex;flex-wrap:wrap}
nav{padding:24px;flex:0 1 220px}main{padding:24px;flex:1 1 480px;min-width:0}section{margin-bottom:48px}nav ul{list-style:none;padding:0}
table{border-collapse:collapse;width:100%}td,th{text-align:left;padding:4px 12px 4px 0;border-bottom:1px solid #8884;vertical-align:top}
code{font-family:ui-monospace,monospace}dl{display:grid;grid-template-columns:max-content 1fr;gap:2px 16px}dt{opacity:.7}dd{margin:0}.wrap{overflow-x:auto}
</style></head><body><nav aria-label="Tables"><p>${tables.length} tables, ${esc(at.toISOString())}</p>${contents.join('')}</nav>
<main><h1>Catalogue</h1>${tables.map(tableHtml).join('')}</main></body></html>
`;
}

function tableHtml(table: DocumentedTable): string {
  const rows = table.columns.map(
    ({ name, type, description, tags }) =>
      `<tr><td><code>${esc(name)}</code></td><td>${esc(type)}</td><td>${esc(description)}</td><td>${esc(tags.join(', '))}</td></tr>`,
  );
  const checks = table.checks.map(({ rule, status, at }) => `<li>${esc(rule)}: ${esc(status)}, ${esc(at)}</li>`);
  const name = esc(`${table.layer}.${table.name}`);
  return `<section id="${name}"><h2><code>${name}</code></h2><p>${esc(table.description)}</p><dl>${facts(table)
    .map(([key, value]) => `<dt>${esc(key)}</dt><dd>${esc(value)}</dd>`)
    .join(
      '',
    )}</dl><div class="wrap"><table><thead><tr><th>column</th><th>type</th><th>description</th><th>tags</th></tr></thead><tbody>${rows.join('')}</tbody></table></div>${
    checks.length === 0 ? '' : `<h3>Tests</h3><ul>${checks.join('')}</ul>`
  }</section>`;
}

function esc(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
