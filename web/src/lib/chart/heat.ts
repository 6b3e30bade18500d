import { categoryKey } from './category.ts';
import type { ChartRows } from './rows.ts';
import { numberOf } from './series.ts';

/** The cells of a heatmap in the order of its axes, for the readout, the scale and the keyboard. */
export interface Heat {
  readonly xs: readonly string[];
  readonly ys: readonly string[];
  readonly cells: readonly { readonly x: number; readonly y: number; readonly value: number | null }[];
  readonly low: number;
  readonly high: number;
}

export function heatOf({ rows }: ChartRows): Heat {
  const xs = [...new Set(rows.map((row) => categoryKey(row['x'] ?? null)))];
  const ys = [...new Set(rows.map((row) => categoryKey(row['y0'] ?? null)))];
  const cells = rows.map((row) => ({
    x: xs.indexOf(categoryKey(row['x'] ?? null)),
    y: ys.indexOf(categoryKey(row['y0'] ?? null)),
    value: numberOf(row['value']),
  }));
  const values = cells.flatMap(({ value }) => value ?? []);
  const [low, high] = scaleOf(values);
  return { xs, ys, cells, low, high };
}

/** From the least to the greatest value, so that all colours are used; one value alone has the strongest. */
function scaleOf(values: readonly number[]): [low: number, high: number] {
  if (values.length === 0) return [0, 1];
  const low = values.reduce((least, value) => Math.min(least, value));
  const high = values.reduce((most, value) => Math.max(most, value));
  return low < high ? [low, high] : [low - 1, high];
}

/** Index of the cell at a place of the axes, or the next one in the direction of an arrow. */
export function cellAt({ cells }: Heat, x: number, y: number): number | null {
  const found = cells.findIndex((cell) => cell.x === x && cell.y === y);
  return found < 0 ? null : found;
}

export function moveInHeat(heat: Heat, from: number | null, key: string): number | null {
  const steps: Record<string, readonly [number, number]> = {
    ArrowRight: [1, 0],
    ArrowLeft: [-1, 0],
    ArrowDown: [0, 1],
    ArrowUp: [0, -1],
  };
  const step = steps[key];
  if (step === undefined || heat.cells.length === 0) return null;
  const start = from === null ? null : heat.cells[from];
  if (!start) return cellAt(heat, 0, 0) ?? 0;
  let { x, y } = start;
  for (;;) {
    x += step[0];
    y += step[1];
    if (x < 0 || y < 0 || x >= heat.xs.length || y >= heat.ys.length) return from;
    const found = cellAt(heat, x, y);
    if (found !== null) return found;
  }
}
