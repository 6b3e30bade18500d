/**
 * Jupyter notebooks, format 4.
 *
 * B1  What we write is read back byte for byte: cells carry their kind, name and keys in their metadata.
 * B2  Edits that somebody made in Jupyter are taken: SQL and prose are those of the cell, not of its metadata.
 * B3  Of others' notebooks SQL and Markdown are cells; code of other languages stays as text, and is a finding.
 */
import type { Cell, ImportFinding, Json, JsonObject, Notebook, Words } from '@datacraft/shared';
import { cellNamePattern, isCellKind, readConfigText, writeConfigText, say, asSaid, worded } from '@datacraft/shared';
import type { Parse } from '../compile/select.ts';
import type { CellDraft } from './draft.ts';
import { cellsOf, fenced, prose } from './draft.ts';
import type { ScriptScope } from './sql-script.ts';
import { newScope, scriptCells } from './sql-script.ts';

/** Rows that a cell shows, as Jupyter keeps them: what the exporter may see. */
export type OutputOf = (cell: Cell) => { readonly html: string; readonly text: string } | null;

export function writeIpynb({ title, meta, cells }: Notebook, outputOf: OutputOf = () => null): string {
  const live = cells.filter((cell) => cell.deletedAt === undefined);
  const notebook = {
    cells: live.map((cell, index) => jupyterCell(cell, index, outputOf)),
    metadata: {
      kernelspec: { display_name: 'Python 3', language: 'python', name: 'python3' },
      language_info: { name: 'python' },
      datacraft: { title, meta },
    },
    nbformat: 4,
    nbformat_minor: 5,
  };
  return `${JSON.stringify(notebook, null, 1)}\n`;
}

function jupyterCell(cell: Cell, index: number, outputOf: OutputOf): JsonObject {
  const id = `cell-${index + 1}`;
  if (cell.kind === 'markdown')
    return { cell_type: 'markdown', id, metadata: { datacraft: { kind: 'markdown' } }, source: lines(cell.source) };
  const own = { kind: cell.kind, name: cell.name, ...(cell.kind === 'sql' ? { config: cell.config } : {}) };
  const metadata = { datacraft: own };
  if (cell.kind !== 'sql')
    return { cell_type: 'raw', id, metadata, source: lines(writeConfigText(cell.kind, cell.config)) };
  const output = outputOf(cell);
  const outputs: Json[] =
    output === null
      ? []
      : [
          {
            output_type: 'display_data',
            metadata: {},
            data: { 'text/html': lines(output.html), 'text/plain': lines(output.text) },
          },
        ];
  const source = `${magic(cell.name)}\n${cell.source}`;
  return { cell_type: 'code', execution_count: null, id, metadata, outputs, source: lines(source) };
}

const magic = (name: string): string => `%%sql --save ${name}`;

/** Jupyter keeps text as lines with their ends. */
function lines(text: string): string[] {
  return text === '' ? [] : text.split(/(?<=\n)/);
}

export interface ReadIpynb {
  readonly notebook: Notebook;
  readonly cells: readonly CellDraft[];
  readonly findings: ImportFinding[];
}

export async function readIpynb(file: string, text: string, parse: Parse): Promise<ReadIpynb> {
  const findings: ImportFinding[] = [];
  const report = (words: Words) => findings.push({ file, line: 1, column: 1, severity: 'error', ...worded(words) });
  const read = objectOf(parsed(text, report));
  const given = Array.isArray(read['cells']) ? read['cells'] : [];
  if (given.length === 0) report('holds no cells: a Jupyter notebook of format 4 is expected');
  const metadata = objectOf(read['metadata']);
  const own = objectOf(metadata['datacraft']);
  const language = languageOf(metadata);
  const scope = newScope();
  const drafts: CellDraft[] = [];
  for (const [index, each] of given.entries())
    drafts.push(...(await cellOf(objectOf(each), { file, language, parse, scope, findings, index })));
  const title = typeof own['title'] === 'string' ? own['title'] : titleOf(drafts, file);
  return { notebook: { title, meta: objectOf(own['meta']), cells: cellsOf(drafts) }, cells: drafts, findings };
}

function parsed(text: string, report: (words: Words) => void): Json {
  try {
    return JSON.parse(text) as Json;
  } catch (error) {
    report(say('is not JSON: {reason}', { reason: error instanceof Error ? error.message : String(error) }));
    return null;
  }
}

interface Context {
  readonly file: string;
  readonly language: string;
  readonly parse: Parse;
  readonly scope: ScriptScope;
  readonly findings: ImportFinding[];
  readonly index: number;
}

async function cellOf(cell: JsonObject, context: Context): Promise<CellDraft[]> {
  const { file, scope } = context;
  const source = textOf(cell['source']);
  const own = objectOf(objectOf(cell['metadata'])['datacraft']);
  const kind = String(own['kind'] ?? '');
  const name = String(own['name'] ?? '');
  if (isCellKind(kind) && kind !== 'markdown' && cellNamePattern.test(name))
    return [ownCell(kind, name, source, own, context)];
  if (cell['cell_type'] === 'markdown' || cell['cell_type'] === 'raw')
    return source === '' ? [] : [prose(source, file)];
  if (source.trim() === '') return [];
  const sql = sqlOf(source, context.language);
  if (sql !== null) return scriptCells(sql.text, file, context.parse, scope, context.findings, sql.name ?? 'query');
  const words = say('cell {number} is {language} code: it is kept as text', {
    number: context.index + 1,
    language: context.language,
  });
  context.findings.push({ file, line: 1, column: 1, severity: 'warning', ...worded(words) });
  return [prose(fenced(context.language, source), file)];
}

function ownCell(
  kind: Exclude<Cell['kind'], 'markdown'>,
  name: string,
  source: string,
  own: JsonObject,
  { file, scope, findings }: Context,
): CellDraft {
  scope.names.take(name);
  if (kind === 'sql') {
    const text = source.startsWith(`${magic(name)}\n`)
      ? source.slice(magic(name).length + 1)
      : source === magic(name)
        ? ''
        : source.replace(/^%%sql[^\n]*\n/, '');
    return { kind, name, source: text, config: objectOf(own['config']), file };
  }
  const { config, problems } = readConfigText(source);
  for (const { message, span } of problems)
    findings.push({
      file,
      line: span.line,
      column: span.column,
      severity: 'error',
      ...worded(say('{path}: {message}', { path: name, message: asSaid(message) })),
    });
  return { kind, name, source: '', config, file };
}

/** The SQL of a code cell, with the name it is saved under; null for other code. */
function sqlOf(source: string, language: string): { text: string; name: string | null } | null {
  const cellMagic = /^\s*%%?sql\b([^\n]*)\n([\s\S]+)$/.exec(source);
  if (cellMagic !== null) {
    const [, options = '', text = ''] = cellMagic;
    const name = /--save\s+(\w+)/.exec(options)?.[1] ?? /^\s*(\w+)\s*<</.exec(options)?.[1] ?? null;
    return { text, name };
  }
  const lineMagic = /^\s*(?:(\w+)\s*=\s*)?%sql\s+([^\n]+?)\s*$/.exec(source);
  if (lineMagic !== null) return { text: lineMagic[2] ?? '', name: lineMagic[1] ?? null };
  return language === 'sql' && !/^\s*%/.test(source) ? { text: source, name: null } : null;
}

function languageOf(metadata: JsonObject): string {
  const named = objectOf(metadata['language_info'])['name'] ?? objectOf(metadata['kernelspec'])['language'];
  return typeof named === 'string' && /^[\w+#-]{1,20}$/.test(named) ? named.toLowerCase() : 'python';
}

function titleOf(drafts: readonly CellDraft[], file: string): string {
  for (const { kind, source } of drafts) {
    const heading = kind === 'markdown' ? /^# +(.+?)[ \t]*$/m.exec(source)?.[1] : undefined;
    if (heading !== undefined) return heading;
  }
  return (file.split('/').at(-1) ?? file).replace(/\.ipynb$/, '');
}

function textOf(source: Json | undefined): string {
  if (typeof source === 'string') return source;
  return Array.isArray(source) ? source.filter((line) => typeof line === 'string').join('') : '';
}

function objectOf(value: Json | undefined): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : {};
}
