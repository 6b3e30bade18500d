import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { seededRandom, shuffle } from '../../engine/src/model/random.ts';
import type { OracleTable } from './tables.ts';

/** Numbers of rows, which say nothing. */
const UNTOLD = 'rownames';
const MISSING = new Set(['', 'NA']);

/**
 * Real tables that whoever runs the tests has: `ORACLE_TABLES=file.csv.gz:target,…`, each with classes to predict. They are
 * named by their target, and shuffled.
 */
export function givenTables(told = process.env['ORACLE_TABLES'] ?? ''): Promise<OracleTable[]> {
  return Promise.all(
    told
      .split(',')
      .filter((each) => each !== '')
      .map(async (each) => {
        const [file = '', target = ''] = each.split(':');
        const bytes = await readFile(file);
        return tableOf(
          basename(file).split('.')[0] ?? file,
          file.endsWith('.gz') ? gunzipSync(bytes).toString() : bytes.toString(),
          target,
        );
      }),
  );
}

function tableOf(name: string, text: string, target: string): OracleTable {
  const [names = [], ...read] = readCsv(text);
  const place = names.indexOf(target);
  if (place < 0) throw new Error(`${name} has no column ${target}: it has ${names.join(', ')}`);
  const rows = Array.from(shuffle(Int32Array.from(read.keys()), seededRandom(7)), (at) => read[at] ?? []);
  const columns = names.flatMap((column, at) =>
    at === place || column === UNTOLD ? [] : [[column, typed(rows.map((row) => row[at] ?? ''))] as const],
  );
  const labels = rows.map((row) => `c${row[place] ?? ''}`);
  return { name, task: 'classification', columns: Object.fromEntries(columns), target: labels };
}

function typed(texts: readonly string[]): (number | string | null)[] {
  const isNumber = texts.every((text) => MISSING.has(text) || !Number.isNaN(Number(text)));
  return texts.map((text) => (MISSING.has(text) ? null : isNumber ? Number(text) : text));
}

/** No field of these tables goes over a line. */
function readCsv(text: string): string[][] {
  return text
    .split(/\r?\n/)
    .filter((line) => line !== '')
    .map((line) =>
      [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(
        ([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? '',
      ),
    );
}
