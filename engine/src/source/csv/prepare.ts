import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CsvSource, Words } from '@datacraft/shared';
import { english, Fault, say } from '@datacraft/shared';
import type { IdentifiedSource, ResolvedFile, SourceContext } from '../source.ts';
import { convertText } from './convert.ts';
import { decideLayout, type CsvLayout } from './layout.ts';
import { walkQuotes } from './line-shift.ts';
import { parseRecords } from './records.ts';
import { iconvName, readSample, type TextSample } from './sample.ts';
import { scanText, type TextScan } from './scan.ts';
import type { CsvFile, CsvRead } from './statement.ts';
import { unifyColumns } from './unify.ts';

/** What must be read: `all` for a run, `sample` when the first rows will do. */
export type Extent = 'all' | 'sample';

export interface PreparedCsv {
  readonly reads: readonly CsvRead[];
  readonly encoding: string;
  readonly warnings: readonly Words[];
}

interface PreparedFile {
  readonly file: ResolvedFile;
  readonly scan: TextScan;
  readonly sample: TextSample;
  readonly layout: CsvLayout;
}

/** With many files each gets a smaller sample, so that a folder is opened in about the time of one large file. */
const SAMPLE_BUDGET_BYTES = 32 * 1024 * 1024;

/** Decides how each file is read and rewrites those that DuckDB could not read as they are. */
export async function prepareCsv(
  spec: CsvSource,
  source: IdentifiedSource,
  context: SourceContext,
  extent: Extent,
): Promise<PreparedCsv> {
  const sampleBytes = Math.max(
    64 * 1024,
    Math.min(4 * 1024 * 1024, Math.floor(SAMPLE_BUDGET_BYTES / source.files.length)),
  );
  const prepared: PreparedFile[] = [];
  for (const file of source.files) {
    const scan = declaredEncoding(await scanText(file, context.signal), spec, file);
    const sample = await readSample(file, scan, context.signal, sampleBytes);
    if (sample.text.trim() === '') {
      throw new Fault(
        'source-unreadable',
        say('{shownAs} holds no text at all; write it again and run once more', { shownAs: file.shownAs }),
        {
          file: file.shownAs,
        },
      );
    }
    prepared.push({ file, scan, sample, layout: decideLayout(sample, spec, file.shownAs) });
  }
  const layouts = unifyColumns(prepared.map(({ layout }) => layout));
  const reads = new Map<string, CsvRead>();
  for (const [index, item] of prepared.entries()) {
    const layout = layouts[index] ?? item.layout;
    const { path, gzip } = await readablePath(item, layout, context, extent);
    const key = JSON.stringify({ ...layout, warnings: [], gzip });
    const read = reads.get(key) ?? { layout, gzip, files: [] };
    const plain = { path, shownAs: item.file.shownAs };
    const walked = extent === 'all' && needsWalk(item, layout);
    const file = walked ? await walkedFile(plain, gzip, layout, context) : plain;
    reads.set(key, { ...read, files: [...read.files, file] });
  }
  return {
    reads: [...reads.values()],
    encoding: prepared[0]?.scan.encoding ?? 'utf-8',
    warnings: onceEach(
      prepared.flatMap(({ layout, scan, file }) => [...encodingWarnings(scan, file), ...layout.warnings]),
    ),
  };
}

function declaredEncoding(scan: TextScan, spec: CsvSource, file: ResolvedFile): TextScan {
  const asked = spec.encoding;
  if (asked === undefined) return scan;
  const name = iconvName(asked, file.shownAs);
  if (name === 'utf-16' || name === 'utf16') {
    const wide = scan.encoding.startsWith('utf-16') ? scan.encoding : 'utf-16le';
    return { ...scan, encoding: wide, newline: 'mixed' };
  }
  if (name === 'utf-8' || name === 'utf8') return { ...scan, encoding: 'utf-8' };
  return { ...scan, encoding: name === 'windows-1252' ? asked : name, evidence: 'valid' };
}

function onceEach(warnings: readonly Words[]): readonly Words[] {
  return [...new Map(warnings.map((each) => [english(each), each])).values()];
}

function encodingWarnings(scan: TextScan, { shownAs: file }: ResolvedFile): readonly Words[] {
  if (scan.evidence === 'mostly') {
    return [say('{file} is UTF-8 with some broken bytes; the rows that hold them are rejected', { file })];
  }
  if (scan.evidence === 'fallback') {
    const { encoding } = scan;
    const words = '{file} is not UTF-8 and is read as {encoding}; set encoding: if its letters look wrong';
    return [say(words, { file, encoding })];
  }
  return [];
}

/** Up to this size DuckDB reads a file in one piece, and then an open quote is a rejected row. */
const ONE_PIECE_BYTES = 4 * 1024 * 1024;

/** Whether records may span lines. A small file shows it in the sample; large ones are walked when they have quotes. */
function needsWalk({ sample, file, scan }: PreparedFile, layout: CsvLayout): boolean {
  if (layout.quote === '') return false;
  if (file.sizeBytes > ONE_PIECE_BYTES || scan.gzip || sample.cut) return scan.quotes || layout.quote !== '"';
  return parseRecords(sample.text, layout, Number.MAX_SAFE_INTEGER, sample.cut).some(({ fields }) =>
    fields.some((field) => field.includes('\n')),
  );
}

async function walkedFile(file: CsvFile, gzip: boolean, layout: CsvLayout, context: SourceContext): Promise<CsvFile> {
  const key = createHash('sha256').update(file.path).digest('hex').slice(0, 24);
  const shifts = join(context.tempDir, `lines-${key}.csv`);
  await walkQuotes(file, gzip, layout, shifts, context.signal);
  return { ...file, shifts };
}

async function readablePath(item: PreparedFile, layout: CsvLayout, context: SourceContext, extent: Extent) {
  const { file, scan, sample } = item;
  if (scan.encoding === 'utf-8' && scan.newline !== 'mixed') return { path: file.path, gzip: scan.gzip };
  const key = createHash('sha256').update(`${file.path}\0${file.sha256}\0${scan.encoding}\0${extent}`).digest('hex');
  const path = join(context.tempDir, `csv-${key.slice(0, 24)}.csv`);
  if (extent === 'sample') await writeFile(path, sample.text.replace(/\r\n?/g, '\n'));
  else await convertText(file, scan, layout, path, context.signal);
  return { path, gzip: false };
}
