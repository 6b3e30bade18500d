import type { ChartPoint, ChartSpec, ResultPage } from '@datacraft/shared';
import { chartPoints } from '@datacraft/shared';
import { widthOf } from './font.ts';
import type { Sheet } from './sheet.ts';
import { MARGIN, QUIET } from './sheet.ts';
import type { Language } from './value.ts';
import { valueText } from './value.ts';

const HEIGHT = 170;
const BELOW = 16;
const MARKS = 60;
const LINE_MARKS = 2_000;
const COLOURS = ['#2b5fd9', '#c2512e', '#1f8a5b', '#9d4edd', '#b8860b', '#0e7c86', '#a83279', '#5b6270'];
const SMALL = { font: 'plain', size: 7, colour: QUIET } as const;

type Drawn = Pick<ChartSpec, 'type'>;

/** Draws bars and lines, and one figure; false for charts that are better read as a table. */
export function writeChart(sheet: Sheet, spec: Drawn, page: ResultPage, language: Language): boolean {
  if (spec.type === 'metric') return writeMetric(sheet, page, language);
  const isLine = spec.type === 'line' || spec.type === 'area';
  if (!isLine && spec.type !== 'bar' && spec.type !== 'histogram') return false;
  const points = chartPoints(page);
  const xs = [...new Set(points.map(({ x }) => x))];
  if (points.length === 0 || xs.length > (isLine ? LINE_MARKS : MARKS)) return false;
  const series = [...new Set(points.map((point) => point.series))];
  if (sheet.room < HEIGHT + BELOW * 2) sheet.newPage();
  drawAxes(sheet, points, xs, language);
  for (const [at, name] of series.entries()) {
    const own = points.filter((point) => point.series === name);
    const place = placeOf(sheet, points, xs);
    if (isLine) {
      const path = own.map(({ x, y }) => [place.middle(x), place.up(y)] as const);
      sheet.canvas.line(path, colourOf(at), 1.4);
    } else
      for (const { x, y } of own) {
        const wide = Math.max(0.5, (place.step * 0.8) / series.length);
        const [top, foot] = [Math.min(place.up(y), place.up(0)), Math.max(place.up(y), place.up(0))];
        const left = place.middle(x) - place.step * 0.4 + at * wide;
        sheet.canvas.area(left, top, wide, foot - top, colourOf(at));
      }
  }
  sheet.move(HEIGHT + BELOW);
  if (series.length > 1) writeLegend(sheet, series);
  return true;
}

const LEFT = 52;

function placeOf(sheet: Sheet, points: readonly ChartPoint[], xs: readonly string[]) {
  const { most, least } = rangeOf(points);
  const step = (sheet.width - LEFT) / xs.length;
  const index = new Map(xs.map((x, at) => [x, at]));
  return {
    step,
    middle: (x: string) => MARGIN + LEFT + (index.get(x) ?? 0) * step + step / 2,
    up: (y: number) => sheet.y + 6 + ((most - y) / (most - least || 1)) * (HEIGHT - 12),
  };
}

function rangeOf(points: readonly ChartPoint[]): { most: number; least: number } {
  const ys = points.map(({ y }) => y);
  return { most: ys.reduce((a, b) => Math.max(a, b), 0), least: ys.reduce((a, b) => Math.min(a, b), 0) };
}

function drawAxes(sheet: Sheet, points: readonly ChartPoint[], xs: readonly string[], language: Language): void {
  const { most, least } = rangeOf(points);
  const place = placeOf(sheet, points, xs);
  const short = new Intl.NumberFormat(language === 'pt' ? 'pt-BR' : 'en', {
    notation: 'compact',
    maximumFractionDigits: 1,
  });
  for (const y of new Set([most, (most + least) / 2, least, 0])) {
    const [at, right] = [place.up(y), MARGIN + sheet.width];
    sheet.canvas.line(
      [
        [MARGIN + LEFT, at],
        [right, at],
      ],
      y === 0 ? '#8a909c' : '#e8eaee',
      y === 0 ? 0.8 : 0.5,
    );
    const text = short.format(y);
    sheet.canvas.text(text, MARGIN + LEFT - 6 - widthOf(text, SMALL.font, SMALL.size), at + 2.5, SMALL);
  }
  const every = Math.ceil(xs.length / 8);
  for (const [at, x] of xs.entries()) {
    if (at % every !== 0) continue;
    const text = valueText(x.slice(0, 16), /^\d{4}-\d\d-\d\d/.test(x) ? 'DATE' : 'VARCHAR', language);
    sheet.canvas.text(text, place.middle(x) - widthOf(text, SMALL.font, SMALL.size) / 2, sheet.y + HEIGHT + 8, SMALL);
  }
}

function writeLegend(sheet: Sheet, series: readonly string[]): void {
  let x = MARGIN + LEFT;
  for (const [at, name] of series.entries()) {
    const width = widthOf(name, SMALL.font, SMALL.size) + 22;
    if (x + width > MARGIN + sheet.width) {
      x = MARGIN + LEFT;
      sheet.move(10);
    }
    sheet.canvas.area(x, sheet.y + 1, 7, 7, colourOf(at));
    sheet.canvas.text(name, x + 11, sheet.y + 7, SMALL);
    x += width;
  }
  sheet.move(BELOW);
}

function writeMetric(sheet: Sheet, page: ResultPage, language: Language): boolean {
  const at = page.columns.findIndex(({ name }) => name === 'y0' || name === 'value' || name === 'y');
  const value = page.rows[0]?.[at];
  if (at < 0 || value === undefined || value === null) return false;
  if (sheet.room < 34) sheet.newPage();
  const text = valueText(value, page.columns[at]?.type ?? '', language);
  sheet.canvas.text(text, MARGIN, sheet.y + 22, { font: 'bold', size: 22 });
  sheet.move(34);
  return true;
}

function colourOf(at: number): string {
  return COLOURS[at % COLOURS.length] ?? '#2b5fd9';
}
