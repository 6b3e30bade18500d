import type { Column, Words } from '@datacraft/shared';
import { english, say } from '@datacraft/shared';
import { inPortuguese } from '@datacraft/shared/portuguese';

/** A table as a mail shows it: its first rows as texts, null for NULL. */
export interface Letter {
  readonly table: string;
  readonly description: string | null;
  readonly notebook: string;
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly (string | null)[])[];
  readonly total: number;
  readonly at: Date;
  readonly language: 'en' | 'pt';
  /** The file with all rows; `too large` where it could not be attached, null where none was asked for. */
  readonly attached: string | 'too large' | null;
  /** That file is the dashboard of the notebook. */
  readonly isDashboard: boolean;
  readonly link: string | null;
}

const NUMBER = /^(TINYINT|SMALLINT|INTEGER|BIGINT|HUGEINT|U\w+INT\w*|FLOAT|DOUBLE|DECIMAL.*)$/;
const cell = 'padding:4px 10px;border-bottom:1px solid #d9dce3;white-space:nowrap';

export function subjectOf({ table, total, language }: Letter): string {
  return said(say('{table}: {rows} rows', { table, rows: counted(total, language) }), language);
}

/** For programs that show no HTML. */
export function textOf(letter: Letter): string {
  const { columns, rows, description, link, language } = letter;
  const lines = [columns.map(({ name }) => name), ...rows.map((row) => row.map((value) => value ?? ''))];
  return [
    ...[description, leadOf(letter), attachedOf(letter)].filter((part) => part !== null && part !== ''),
    '',
    ...lines.map((line) => line.map((value) => value.replaceAll(/\s+/g, ' ')).join(' | ')),
    '',
    ...(link === null ? [] : [`${said('Open in DataCraft', language)}: ${link}`]),
    footOf(letter),
  ].join('\n');
}

/** Styles stand in the tags and nothing is fetched: that is what mail programs show. */
export function htmlOf(letter: Letter): string {
  const { table, description, link, language, columns, rows } = letter;
  const head = columns.map(
    ({ name, type }) => `<th style="${cell};text-align:${sideOf(type)};color:#555c6b">${escaped(name)}</th>`,
  );
  const body = rows.map(
    (row) => `<tr>${row.map((value, at) => valueHtml(value, columns[at]?.type ?? '')).join('')}</tr>`,
  );
  const words = [description, leadOf(letter), attachedOf(letter)].filter((part) => part !== null && part !== '');
  return `<!doctype html><html lang="${language === 'pt' ? 'pt-BR' : 'en'}"><head><meta charset="utf-8"><title>${escaped(table)}</title></head>
<body style="font-family:Arial,Helvetica,sans-serif;font-size:14px;color:#1c2230;background:#ffffff">
<h1 style="font-size:18px;margin:0 0 8px">${escaped(table)}</h1>
${words.map((part) => `<p style="margin:0 0 8px">${escaped(part ?? '')}</p>`).join('\n')}
${link === null ? '' : `<p style="margin:0 0 12px"><a href="${escaped(link)}">${escaped(said('Open in DataCraft', language))}</a></p>`}
<table style="border-collapse:collapse;font-size:13px"><thead><tr>${head.join('')}</tr></thead><tbody>
${body.join('\n')}
</tbody></table>
<p style="margin:12px 0 0;color:#555c6b;font-size:12px">${escaped(footOf(letter))}</p></body></html>
`;
}

function leadOf({ table, rows, total, at, language }: Letter): string {
  const holes = { table, at: `${at.toISOString().slice(0, 16).replace('T', ' ')} UTC` };
  if (total === 0) return said(say('{table} has no rows, as published at {at}.', holes), language);
  const all = { ...holes, rows: counted(total, language) };
  if (rows.length >= total) return said(say('All {rows} rows of {table}, as published at {at}.', all), language);
  const some = { ...all, shown: counted(rows.length, language) };
  return said(say('The first {shown} of {rows} rows of {table}, as published at {at}.', some), language);
}

function attachedOf({ attached, isDashboard, language }: Letter): string {
  if (attached === null) return '';
  if (isDashboard) return said(say('The dashboard is attached as {file}.', { file: attached }), language);
  if (attached === 'too large') return said('The table is too large to be attached; open it in DataCraft.', language);
  return said(say('The whole table is attached as {file}.', { file: attached }), language);
}

function footOf({ notebook, language }: Letter): string {
  return said(say('Sent by the notebook {notebook} after its run.', { notebook }), language);
}

function said(words: Words, language: Letter['language']): string {
  return (language === 'pt' ? inPortuguese(words) : null) ?? english(words);
}

function counted(count: number, language: Letter['language']): string {
  return count.toLocaleString(language === 'pt' ? 'pt-BR' : 'en');
}

function valueHtml(value: string | null, type: string): string {
  const style = `${cell};text-align:${sideOf(type)}`;
  return value === null
    ? `<td style="${style};color:#8a90a0">NULL</td>`
    : `<td style="${style}">${escaped(value)}</td>`;
}

function sideOf(type: string): 'left' | 'right' {
  return NUMBER.test(type) ? 'right' : 'left';
}

function escaped(text: string): string {
  const names: Readonly<Record<string, string>> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
    "'": '&#39;',
  };
  return text.replaceAll(/[&<>"']/g, (sign) => names[sign] ?? sign);
}
