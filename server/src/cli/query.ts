import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { ParamValue, ResultPage } from '@datacraft/shared';
import { Fault } from '@datacraft/shared';
import type { OpenQuery } from '@datacraft/engine';
import { asOfText, depsInside, withQuery } from '@datacraft/engine';
import { branchAsked } from '../branch/asked.ts';
import { loadConfig } from '../config.ts';
import { readingInEnvironment } from '../environment/inside.ts';
import { readArguments, readAssignments } from './arguments.ts';
import type { Output } from './output.ts';
import { exitCodes, textTable } from './output.ts';
import type { Workspace } from './workspace.ts';
import { openWorkspace } from './workspace.ts';

const formats = ['table', 'json', 'csv', 'arrow'] as const;
type Format = (typeof formats)[number];

/** A terminal shows at most so many rows; the other formats give all. */
const TABLE_ROWS = 1_000;

/** `datacraft query "SQL" …`: read-only SQL over the warehouse. */
export async function query(args: readonly string[], output: Output): Promise<number> {
  const read = readArguments(args, {
    'data-dir': { type: 'string' },
    'as-of': { type: 'string' },
    env: { type: 'string' },
    param: { type: 'string', multiple: true },
    branch: { type: 'string' },
    format: { type: 'string' },
  });
  const [sql, ...more] = read.positionals;
  if (sql === undefined || more.length > 0)
    throw new Fault('bad-request', 'query takes one SQL text in quotes: datacraft query "select …"');
  const format = formatOf(read.text('format') ?? 'table');
  const asOfGiven = read.text('as-of');
  const asOf = asOfGiven === undefined ? {} : { asOf: asOfText(asOfGiven) };
  const params = Object.fromEntries(
    [...readAssignments(read.texts('param'))].map(([name, text]) => [name, looseValue(text)]),
  );
  if (read.text('env') !== undefined && read.text('branch') !== undefined)
    throw new Fault('bad-request', 'query reads an environment or a branch: give --env or --branch');
  const workspace = await openWorkspace(loadConfig(process.env, { dataDir: read.text('data-dir') }));
  try {
    const deps = await readingInEnvironment(read.text('env'), await inBranch(read.text('branch'), workspace));
    await withQuery({ sql, params, ...asOf }, deps, (open) => print(open, format, output));
    return exitCodes.done;
  } finally {
    await workspace.close();
  }
}

async function inBranch(branch: string | undefined, { deps, pool }: Workspace): Promise<Workspace['deps']> {
  return branch === undefined ? deps : depsInside(await branchAsked(pool, null, branch), deps);
}

async function print(open: OpenQuery, format: Format, output: Output): Promise<void> {
  if (format === 'arrow') {
    const file = join(open.dir, 'answer.arrow');
    await open.session.arrow(open.select, { file });
    await pipeline(createReadStream(file), process.stdout, { end: false });
    return;
  }
  const page = await open.session.rows(open.select, format === 'table' ? { limit: TABLE_ROWS, countTotal: true } : {});
  if (format === 'json') output.out(JSON.stringify(jsonRows(page)));
  else if (format === 'csv') output.out(csvText(page));
  else {
    output.out(
      textTable(
        page.columns.map((column) => column.name),
        page.rows.map((row) => row.map(shown)),
      ),
    );
    output.out(page.truncated ? `first ${page.rows.length} of ${page.totalRows} rows` : `${page.rows.length} rows`);
  }
}

function jsonRows(page: ResultPage): object[] {
  return page.rows.map((row) => Object.fromEntries(page.columns.map((column, index) => [column.name, row[index]])));
}

function csvText(page: ResultPage): string {
  const field = (text: string) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  const lines = page.rows.map((row) =>
    row.map((value) => (value === null ? '' : value === '' ? '""' : field(shown(value)))).join(','),
  );
  return [page.columns.map((column) => field(column.name)).join(','), ...lines].join('\n');
}

function shown(value: unknown): string {
  if (value === null) return 'NULL';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function formatOf(text: string): Format {
  const found = formats.find((format) => format === text);
  if (!found) throw new Fault('bad-request', `--format expects one of ${formats.join(', ')}, got "${text}"`);
  return found;
}

/** Without an input to say the type: numbers and truth values as themselves, the rest as text. */
function looseValue(text: string): ParamValue {
  if (text === 'true' || text === 'false') return text === 'true';
  if (/^-?\d+(\.\d+)?$/.test(text)) return Number(text);
  return text === 'null' ? null : text;
}
