import type { Point } from './rows.ts';

/** Categories pass through the chart as JSON, so that 1 and "1" and null stay what they are. */
export function categoryKey(x: Point): string {
  return JSON.stringify(x);
}

export function reviveCategory(text: number | string): Point {
  try {
    return JSON.parse(String(text)) as Point;
  } catch {
    // An axis may ask for a label of its own making.
    return String(text);
  }
}
