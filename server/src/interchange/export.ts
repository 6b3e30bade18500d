import type { Compiled, OutputOf, Owner, QueryDeps, Report } from '@datacraft/engine';
import { dbtProject, reportPdf, writeIpynb } from '@datacraft/engine';
import type { ExportContents, ExportFormat, Notebook, ResultPage } from '@datacraft/shared';
import { exportFormats, Fault, say, worded } from '@datacraft/shared';
import { documentRows } from './document-rows.ts';
import { notebookHtml, resultTable } from './html.ts';
import type { ReportLanguage } from './report.ts';
import { notebookReport } from './report.ts';
import { writeZip } from './zip.ts';

export interface Exportable {
  readonly notebook: Notebook;
  readonly compiled: Compiled;
  readonly owner: Owner;
  /** It is what was published; absent of what is being edited. */
  readonly version?: Report['version'];
}

/** What leaves: files below a folder of its name, and what they do not hold. */
export interface Exported {
  readonly name: string;
  readonly files: ReadonlyMap<string, string | Uint8Array>;
  readonly notes: ExportContents['notes'];
}

export function exportFormatOf(text: string): ExportFormat {
  const found = exportFormats.find((format) => format === text);
  if (!found) throw new Fault('bad-request', `there is no export as "${text}"; expected ${exportFormats.join(', ')}`);
  return found;
}

/** `deps` decide whose rows go with it; `now` is the day that inputs called today have. */
export async function exportAs(
  format: ExportFormat,
  what: Exportable,
  deps: QueryDeps,
  now: Date,
  language: ReportLanguage = 'en',
): Promise<Exported> {
  if (format === 'dbt') return dbtProject(what, deps);
  const read = await documentRows(what, deps, now.toISOString().slice(0, 10));
  const rows = new Map([...read].map(([cell, { page }]) => [cell, page]));
  const name = fileName(what.notebook.title);
  const unread = [...what.compiled.graph.cells.values()].filter(
    (cell) => cell.kind !== 'input' && !rows.has(cell.name),
  );
  const notes = unread.map((cell) => ({
    cell: cell.name,
    message: 'has no rows there: it never ran, failed, or you may not read it',
  }));
  if (format === 'pdf') {
    const report = notebookReport(what, { rows: read, version: what.version ?? 'draft' }, language);
    return { name, files: new Map([[`${name}.pdf`, reportPdf(report)]]), notes };
  }
  if (format === 'html') return { name, files: new Map([[`${name}.html`, notebookHtml(what, rows, now)]]), notes };
  return {
    name,
    files: new Map([[`${name}.ipynb`, writeIpynb(what.notebook, outputOf(rows))]]),
    notes: [...rawCells(what), ...notes],
  };
}

/** Jupyter shows the first rows below SQL. */
function outputOf(rows: ReadonlyMap<string, ResultPage>): OutputOf {
  return ({ name }) => {
    const page = rows.get(name);
    if (page === undefined) return null;
    const lines = page.rows
      .slice(0, SHOWN)
      .map((row) =>
        row
          .map((value) => (value === null ? 'NULL' : typeof value === 'object' ? JSON.stringify(value) : String(value)))
          .join('\t'),
      );
    return {
      html: resultTable(page, SHOWN),
      text: [page.columns.map((column) => column.name).join('\t'), ...lines].join('\n'),
    };
  };
}

const SHOWN = 20;

function rawCells({ compiled }: Exportable): ExportContents['notes'] {
  return [...compiled.graph.cells.values()]
    .filter(({ kind }) => kind !== 'sql')
    .map(({ name, kind }) => ({
      cell: name,
      ...worded(say('is a raw cell there: Jupyter knows no {kind} cells. DataCraft reads it back', { kind })),
    }));
}

function fileName(title: string): string {
  const plain = title
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-|-$/g, '')
    .toLowerCase();
  return plain === '' ? 'notebook' : plain.slice(0, 100);
}

export function reportOf({ name, files, notes }: Exported): ExportContents {
  const sizes = [...files].map(([path, content]) => ({ path, sizeBytes: Buffer.byteLength(content) }));
  return { name, files: sizes, notes };
}

const types: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  ipynb: 'application/x-ipynb+json',
  pdf: 'application/pdf',
};

/** One file to download: the export itself, or an archive of its folder. */
export function downloadOf(
  format: ExportFormat,
  { name, files }: Exported,
): { file: string; type: string; bytes: Buffer } {
  const [only] = files;
  const type = types[format];
  if (type !== undefined && only !== undefined) return { file: only[0], type, bytes: Buffer.from(only[1]) };
  const inFolder = new Map([...files].map(([path, content]) => [`${name}/${path}`, content]));
  return { file: `${name}.zip`, type: 'application/zip', bytes: writeZip(inFolder) };
}
