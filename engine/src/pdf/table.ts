import type { ResultPage } from '@datacraft/shared';
import { widthOf } from './font.ts';
import type { Sheet } from './sheet.ts';
import { LINE, MARGIN, QUIET, wrap } from './sheet.ts';
import type { Language } from './value.ts';
import { isNumberType, valueText } from './value.ts';

const GAP = 8;
const LEADING = 1.3;
const LINES_MAX = 6;
const WIDE = 200;
const NARROW = 28;
/** Of a table of so many columns the letters are smaller. */
const MANY_COLUMNS = 9;

interface Column {
  readonly name: string;
  readonly type: string;
  readonly at: number;
  readonly width: number;
}

/** Rows under their names, which stand again on each page. A row is on one page. */
export function writeTable(sheet: Sheet, page: ResultPage, language: Language): void {
  const size = page.columns.length > MANY_COLUMNS ? 6.5 : 8.5;
  const columns = columnsOf(page, size, sheet.width, language);
  const step = size * LEADING;
  const row = (texts: readonly string[], font: 'plain' | 'bold', colour?: string) => {
    const cells = columns.map((column, at) => clipped(wrap(texts[at] ?? '', font, size, column.width - GAP)));
    const height = Math.max(...cells.map((lines) => lines.length)) * step + 4;
    return { cells, height, font, colour };
  };
  const draw = ({ cells, height, font, colour }: ReturnType<typeof row>) => {
    let x = MARGIN;
    for (const [at, column] of columns.entries()) {
      for (const [line, text] of (cells[at] ?? []).entries()) {
        const shift = isNumberType(column.type) ? column.width - GAP - widthOf(text, font, size) : 0;
        const y = sheet.y + 2 + size + line * step - size * 0.15;
        sheet.canvas.text(text, x + shift, y, { font, size, ...(colour === undefined ? {} : { colour }) });
      }
      x += column.width;
    }
    sheet.move(height);
    const end = MARGIN + columns.reduce((sum, column) => sum + column.width, 0);
    sheet.canvas.line(
      [
        [MARGIN, sheet.y],
        [end - GAP, sheet.y],
      ],
      LINE,
      0.5,
    );
  };
  const head = row(
    columns.map(({ name }) => name),
    'bold',
    QUIET,
  );
  if (sheet.room < head.height + 2 * step + 4) sheet.newPage();
  draw(head);
  for (const values of page.rows) {
    const next = row(
      columns.map(({ at, type }) => valueText(values[at], type, language)),
      'plain',
    );
    if (sheet.room < next.height) {
      sheet.newPage();
      draw(head);
    }
    draw(next);
  }
}

/** As wide as what they hold, less where that is more than there is room for. */
function columnsOf({ columns, rows }: ResultPage, size: number, room: number, language: Language): Column[] {
  const natural = columns.map(({ name, type }, at) => {
    const texts = rows.slice(0, 200).map((row) => widthOf(valueText(row[at], type, language), 'plain', size));
    return Math.min(WIDE, Math.max(NARROW, widthOf(name, 'bold', size), ...texts)) + GAP;
  });
  const most = fairShare(natural, room);
  return columns.map(({ name, type }, at) => ({ name, type, at, width: Math.min(natural[at] ?? NARROW, most) }));
}

/** The width above which columns are cut so that all have room: narrow ones keep theirs. */
function fairShare(widths: readonly number[], room: number): number {
  let [left, open] = [room, widths.length];
  for (const width of widths.toSorted((a, b) => a - b)) {
    if (width > left / open) return left / open;
    left -= width;
    open -= 1;
  }
  return Infinity;
}

function clipped(lines: readonly string[]): readonly string[] {
  return lines.length <= LINES_MAX ? lines : [...lines.slice(0, LINES_MAX - 1), `${lines[LINES_MAX - 1] ?? ''} …`];
}
