import { createHash } from 'node:crypto';
import { statSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { JsonSource, Words } from '@datacraft/shared';
import { Fault, say } from '@datacraft/shared';
import { convertText } from '../csv/convert.ts';
import type { Dialect } from '../csv/records.ts';
import { readSample, type TextSample } from '../csv/sample.ts';
import { scanText, type TextScan } from '../csv/scan.ts';
import type { DuckSession } from '../../duckdb/session.ts';
import type { IdentifiedSource, ResolvedFile, SourceContext } from '../source.ts';
import { lineSize } from '../line-size.ts';
import { quoteText, quoteTexts } from '../sql-text.ts';
import { decideColumns, type JsonColumns } from './columns.ts';
import { goodLines, shapeOf, type JsonShape } from './shape.ts';
import { whyBroken } from './why-broken.ts';

export interface PreparedJson extends JsonColumns {
  readonly files: readonly PreparedJsonFile[];
  /** `array`: each file is one array. `lines`: each line of each file is a record. */
  readonly format: 'array' | 'lines';
  /** What the numbers in `line` count: lines of the file, or records of its list. */
  readonly counts: 'line' | 'record';
  /** Bytes of the longest line, where somebody counted. */
  readonly longestLine?: number;
}

export interface PreparedJsonFile {
  readonly file: ResolvedFile;
  readonly path: string;
  readonly gzip: boolean;
}

interface Inspected extends PreparedJsonFile {
  readonly scan: TextScan;
  readonly sample: TextSample;
  readonly shape: JsonShape;
}

/** JSON has no quotes that hide a line end, and no delimiter: lines are lines. */
const PLAIN: Dialect = { delimiter: '\x1f', quote: '', escape: '' };

export async function prepareJson(
  spec: JsonSource,
  source: IdentifiedSource,
  session: DuckSession,
  context: SourceContext,
): Promise<PreparedJson> {
  const inspected: Inspected[] = [];
  for (const file of source.files) inspected.push(await inspect(file, spec, context));
  const shownAs = source.files[0]?.shownAs ?? '';
  const allLines = spec.records === undefined && inspected.every(({ shape }) => shape === 'lines');
  if (allLines) return prepareLines(spec, inspected, session, context, shownAs);
  const arrays = spec.records === undefined && inspected.every(({ shape }) => shape === 'array');
  if (arrays && spec.rejects !== 'table') return prepareArrays(spec, inspected, session, context, shownAs);
  return prepareLists(spec, inspected, session, context, shownAs);
}

async function inspect(file: ResolvedFile, spec: JsonSource, context: SourceContext): Promise<Inspected> {
  const scan = await scanText(file, context.signal, 'document');
  const sample = await readSample(file, scan, context.signal);
  if (sample.text.trim() === '') {
    throw new Fault(
      'source-unreadable',
      say('{shownAs} holds no text at all; write it again and run once more', { shownAs: file.shownAs }),
      {
        file: file.shownAs,
      },
    );
  }
  const plain = {
    file,
    path: file.path,
    gzip: scan.gzip,
    scan,
    sample,
    shape: shapeOf(sample, spec.records !== undefined),
  };
  if (scan.encoding === 'utf-8' && scan.newline !== 'mixed') return plain;
  if (scan.encoding === 'utf-8' && plain.shape !== 'lines') return plain;
  const path = tempPath(context, file, 'utf8');
  await convertText(file, scan, PLAIN, path, context.signal);
  return { ...plain, path, gzip: false };
}

function tempPath(context: SourceContext, file: ResolvedFile, what: string): string {
  const key = createHash('sha256').update(`${file.path}\0${file.sha256}\0${what}`).digest('hex').slice(0, 24);
  return join(context.tempDir, `json-${key}.json`);
}

async function prepareLines(
  spec: JsonSource,
  inspected: readonly Inspected[],
  session: DuckSession,
  context: SourceContext,
  shownAs: string,
): Promise<PreparedJson> {
  const sample = tempPath(
    context,
    { path: '', shownAs: '', sizeBytes: 0, sha256: shownAs },
    `sample ${inspected.length}`,
  );
  await writeFile(sample, inspected.flatMap((item) => goodLines(item.sample)).join('\n') + '\n');
  const decided = await decideColumns(readArguments([sample], 'lines', false), spec, session, shownAs);
  return { ...decided, files: inspected, format: 'lines', counts: 'line' };
}

async function prepareArrays(
  spec: JsonSource,
  inspected: readonly Inspected[],
  session: DuckSession,
  context: SourceContext,
  shownAs: string,
): Promise<PreparedJson> {
  const paths = inspected.map(({ path }) => path);
  try {
    const gzip = inspected.some((item) => item.gzip);
    if (gzip && !inspected.every((item) => item.gzip))
      return await prepareLists(spec, inspected, session, context, shownAs);
    const decided = await decideColumns(readArguments(paths, 'array', gzip), spec, session, shownAs);
    return { ...decided, files: inspected, format: 'array', counts: 'record' };
  } catch (error) {
    throw await whyBroken(error, { files: inspected, format: 'array' }, context);
  }
}

/** Writes the list of each document as lines, so that everything after reads lines. */
async function prepareLists(
  spec: JsonSource,
  inspected: readonly Inspected[],
  session: DuckSession,
  context: SourceContext,
  shownAs: string,
): Promise<PreparedJson> {
  const files: PreparedJsonFile[] = [];
  const warnings: Words[] = [];
  for (const item of inspected) {
    const path = tempPath(context, item.file, `list ${spec.records ?? ''}`);
    try {
      const document = await plainDocument(item, context);
      warnings.push(...(await writeList(document, path, spec, item, session)));
    } catch (error) {
      throw await whyBroken(error, { files: [item], format: 'array' }, context);
    }
    files.push({ file: item.file, path, gzip: false });
  }
  const decided = await decideColumns(
    readArguments(
      files.map(({ path }) => path),
      'lines',
      false,
    ),
    spec,
    session,
    shownAs,
  );
  return { ...decided, warnings: [...warnings, ...decided.warnings], files, format: 'lines', counts: 'record' };
}

/** `read_text` does not unpack, so a gzipped document is unpacked first. */
async function plainDocument(item: Inspected, context: SourceContext): Promise<string> {
  if (!item.gzip) return item.path;
  const path = tempPath(context, item.file, 'plain');
  await convertText(item.file, { ...item.scan, newline: '\n' }, PLAIN, path, context.signal);
  return path;
}

async function writeList(document: string, target: string, spec: JsonSource, item: Inspected, session: DuckSession) {
  const { shownAs } = item.file;
  const asked = spec.records ?? '$';
  if (!asked.startsWith('$')) {
    throw new Fault(
      'source-unreadable',
      say('records: "{asked}" is not a JSON path; it begins with $, as in $.items', { asked }),
      {},
    );
  }
  const path = asked.replace(/\[\*\]$/, '');
  const text = `(select ltrim(content, chr(65279)) as content from read_text(${quoteText(document)}))`;
  const lines = item.shape === 'lines' ? null : await listType(text, path, shownAs, session);
  const records =
    lines === 'OBJECT'
      ? `json_extract(content, ${quoteText(path)})`
      : `unnest(json_extract(content, ${quoteText(`${path}[*]`)}))`;
  const from = item.shape === 'lines' ? linesOf(item) : text;
  await session.run(
    `copy (select (${records})::varchar from ${from}) to ${quoteText(target)} (format csv, header false, quote '', escape '', delimiter e'\\x1f')`,
  );
  return lines === 'OBJECT' && spec.records === undefined
    ? [
        say('{shownAs} is one object and gives one row; set records: to the path of the list in it, such as $.items', {
          shownAs,
        }),
      ]
    : [];
}

function linesOf(item: PreparedJsonFile): string {
  return `(select l as content from ${linesSource(item)} where l is not null)`;
}

async function listType(text: string, path: string, shownAs: string, session: DuckSession): Promise<string> {
  const page = await session.rows(
    `select json_type(content, ${quoteText(path)}), array_to_string(json_keys(content), ', ') from ${text}`,
  );
  const [type, keys] = page.rows[0] ?? [];
  if (type === 'ARRAY' || type === 'OBJECT') return type;
  const has = typeof keys === 'string' && keys !== '' ? say('; the document has {keys}', { keys }) : '';
  throw new Fault(
    'source-unreadable',
    type === null || type === undefined
      ? say('{shownAs} has nothing at records: {path}{has}', { shownAs, path, has })
      : say('{shownAs} has no list at records: {path}, but {type}{has}', {
          shownAs,
          path,
          type: String(type).toLowerCase(),
          has,
        }),
    { file: shownAs },
  );
}

/** DuckDB takes twice the largest object as a buffer for each thread, so a small file must not ask for a large one. */
function largestObject(paths: readonly string[], format: 'array' | 'lines', gzip: boolean): number {
  const most = format === 'lines' ? 16 * 1024 ** 2 : 128 * 1024 ** 2;
  const size = gzip ? most : Math.max(...paths.map((path) => statSync(path).size));
  return Math.min(most, Math.max(size, 64 * 1024));
}

export function readArguments(
  paths: readonly string[],
  format: 'array' | 'lines',
  gzip: boolean,
  longestLine?: number,
): string {
  const name = format === 'array' ? 'array' : 'newline_delimited';
  const largest = largestObject(paths, format, gzip);
  const needed = longestLine === undefined ? largest : Math.min(largest, roomForLines(longestLine));
  return `${quoteTexts(paths)}, format = '${name}', compression = '${gzip ? 'gzip' : 'uncompressed'}', maximum_object_size = ${needed}`;
}

/** DuckDB gives each thread twice as much at a time: less, and its threads end together and their memory is warm. */
const LINES_LEAST_BYTES = 256 * 1024;

function roomForLines(longest: number): number {
  return Math.max(2 * longest, LINES_LEAST_BYTES);
}

/** A file as numbered lines, blank ones NULL. U+001F cannot stand in JSON, so it delimits nothing. */
export function linesSource(file: PreparedJsonFile): string {
  return `(select row_number() over () as line, l from read_csv([${quoteText(file.path)}], auto_detect = false, header = false, delim = e'\\x1f', quote = '', escape = '', columns = {l: 'VARCHAR'}, compression = '${file.gzip ? 'gzip' : 'none'}', ${lineSize(largestObject([file.path], 'lines', file.gzip) + 1)}))`;
}
