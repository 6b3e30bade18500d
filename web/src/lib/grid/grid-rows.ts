/** The rows a viewport shows, by slot: row `r` stays in slot `r % pool`, so that scrolling rewrites only new rows. */
export function slotsFor(first: number, last: number, pool: number): number[] {
  const slots = new Array<number>(pool).fill(-1);
  for (let row = first; row < last; row += 1) slots[row % pool] = row;
  return slots;
}

/** Rows are placed from a base that moves rarely; far from it, positions lose their pixels. */
export const BASE_ROWS = 2_000;

export function baseOf(row: number): number {
  return Math.floor(row / BASE_ROWS) * BASE_ROWS;
}
