import { soil } from './dirt.ts';
import { drawPools } from './pools.ts';
import { createRandom } from './random.ts';
import type { Settings } from './settings.ts';
import { templateOf, type RowContext } from './template.ts';

/** Rows between two looks at the abort signal, and about 300 kB of text. */
const CHUNK_ROWS = 4096;

/** The CSV text of the first `rows` rows with a header, in chunks. The same settings give the same text. */
export function generateCsv(settings: Settings, rows: number = settings.rows): Generator<string> {
  return generateRows(settings, { first: 0, end: rows, seed: String(settings.seed) });
}

/** A part of rows, numbered as they are in the whole; `seed` is of this part alone. */
export interface Part {
  readonly first: number;
  readonly end: number;
  readonly seed: string;
}

export function* generateRows(settings: Settings, { first, end, seed }: Part): Generator<string> {
  const template = templateOf(settings.template);
  const random = createRandom(`${settings.template} ${seed}`);
  // Dirt has its own numbers: the clean rows of a dirty simulation are those of the clean one.
  const dirt = createRandom(`dirt ${settings.template} ${seed}`);
  const context: RowContext = { random, pools: drawPools(settings.seed), settings, timeText };
  const dirty: RowContext = { ...context, random: dirt };
  let previous: readonly string[] | null = null;
  let lines = [template.columns.map(({ name }) => name).join(',')];
  for (let index = first; index < end; index++) {
    const timeMs = settings.startMs + Math.floor(index * settings.spacingMs);
    let row = template.row(index, timeMs, context);
    if (settings.dirt > 0 && dirt.next() < settings.dirt) row = soil(row, previous, timeMs, template, dirty);
    else previous = row;
    lines.push(csvLine(row));
    if (lines.length >= CHUNK_ROWS) {
      yield `${lines.join('\n')}\n`;
      lines = [];
    }
  }
  if (lines.length > 0) yield `${lines.join('\n')}\n`;
}

function csvLine(row: readonly string[]): string {
  let line = '';
  for (let index = 0; index < row.length; index++) {
    const value = row[index] ?? '';
    if (index > 0) line += ',';
    line +=
      value.includes(',') || value.includes('"') || value.includes('\n') ? `"${value.replaceAll('"', '""')}"` : value;
  }
  return line;
}

function timeText(ms: number): string {
  return new Date(ms).toISOString().slice(0, -1);
}
