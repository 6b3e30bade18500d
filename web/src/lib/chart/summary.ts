import type { Format } from './format.ts';
import type { en } from './messages.ts';
import type { Point } from './rows.ts';
import type { Series } from './series.ts';

/** What a chart shows, in words: what, extremes, trend. */
export function summaryOf(
  facts: { type: string; x: string; y: string; isOrdered: boolean },
  series: readonly Series[],
  xText: (x: Point) => string,
  yText: Format,
  words: typeof en,
): string {
  const points = series.flatMap((one) =>
    one.points.flatMap(({ x, y }) => (y === null ? [] : [{ x, y, name: one.name }])),
  );
  const [first] = points;
  const parts = [words.summary.of(facts.type, facts.y, facts.x)];
  if (first === undefined) return [...parts, words.noData].join(' ');
  const many = series.length > 1;
  const place = (point: { x: Point; name: string }) => (many ? `${xText(point.x)}, ${point.name}` : xText(point.x));
  const high = points.reduce((best, point) => (point.y > best.y ? point : best), first);
  const low = points.reduce((best, point) => (point.y < best.y ? point : best), first);
  parts.push(words.summary.highest(yText(high.y), place(high)), words.summary.lowest(yText(low.y), place(low)));
  const last = points.at(-1) ?? first;
  if (facts.isOrdered && !many && points.length > 1) {
    const by = last.y - first.y;
    parts.push(
      by === 0 ? words.summary.flat : by > 0 ? words.summary.rises(yText(by)) : words.summary.falls(yText(-by)),
    );
  }
  if (many) parts.push(words.summary.series(series.map((one) => one.name).join(', ')));
  return parts.join(' ');
}
