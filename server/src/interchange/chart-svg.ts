import type { ChartSpec, ResultPage } from '@datacraft/shared';
import { chartPoints } from '@datacraft/shared';
import { escapeHtml } from './escape-html.ts';

const WIDTH = 720;
const HEIGHT = 260;
const LEFT = 64;
const BOTTOM = 36;
const TOP = 12;
const MARKS = 60;
const colours = ['#2b5fd9', '#c2512e', '#1f8a5b', '#9d4edd', '#b8860b', '#0e7c86', '#a83279', '#5b6270'];

/** Bars and lines as a picture; null for charts that are better read as a table here. */
export function chartSvg(spec: ChartSpec, page: ResultPage, label: string): string | null {
  const isLine = spec.type === 'line' || spec.type === 'area';
  if (!isLine && spec.type !== 'bar' && spec.type !== 'histogram') return null;
  const points = chartPoints(page);
  const xs = [...new Set(points.map(({ x }) => x))];
  if (points.length === 0 || xs.length > (isLine ? 2_000 : MARKS)) return null;
  const series = [...new Set(points.map(({ series: name }) => name))];
  const most = Math.max(0, ...points.map(({ y }) => y));
  const least = Math.min(0, ...points.map(({ y }) => y));
  const span = most - least || 1;
  const at = (y: number) => TOP + ((most - y) / span) * (HEIGHT - TOP - BOTTOM);
  const step = (WIDTH - LEFT) / xs.length;
  const left = (x: string) => LEFT + xs.indexOf(x) * step;
  const marks = series.flatMap((name, index) => {
    const own = points.filter((point) => point.series === name);
    const colour = colours[index % colours.length] ?? '#2b5fd9';
    if (isLine) {
      const path = own.map(({ x, y }) => `${(left(x) + step / 2).toFixed(1)},${at(y).toFixed(1)}`).join(' ');
      return [`<polyline points="${path}" fill="none" stroke="${colour}" stroke-width="2"/>`];
    }
    const width = Math.max(1, (step * 0.8) / series.length);
    return own.map(({ x, y }) => {
      const start = left(x) + step * 0.1 + index * width;
      const height = Math.abs(at(y) - at(0));
      return `<rect x="${start.toFixed(1)}" y="${Math.min(at(y), at(0)).toFixed(1)}" width="${width.toFixed(1)}" height="${height.toFixed(1)}" fill="${colour}"/>`;
    });
  });
  const ticks = [most, (most + least) / 2, least].map(
    (y) => `<text x="${LEFT - 8}" y="${(at(y) + 4).toFixed(1)}" text-anchor="end">${escapeHtml(short(y))}</text>`,
  );
  const every = Math.ceil(xs.length / 8);
  const names = xs.flatMap((x, index) =>
    index % every === 0
      ? [
          `<text x="${(left(x) + step / 2).toFixed(1)}" y="${HEIGHT - 14}" text-anchor="middle">${escapeHtml(x.slice(0, 14))}</text>`,
        ]
      : [],
  );
  const zero = `<line x1="${LEFT}" x2="${WIDTH}" y1="${at(0).toFixed(1)}" y2="${at(0).toFixed(1)}" stroke="#8a909c"/>`;
  const legend =
    series.length < 2
      ? ''
      : `<p class="legend">${series.map((name, index) => `<span style="color:${colours[index % colours.length] ?? ''}">■</span> ${escapeHtml(name)}`).join(' &nbsp; ')}</p>`;
  return `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${escapeHtml(label)}">${[zero, ...ticks, ...names, ...marks].join('')}</svg>${legend}`;
}

function short(value: number): string {
  return new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 }).format(value);
}
