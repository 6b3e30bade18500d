import type { CellModel } from '#lib/cell/cell-model.svelte.ts';

/** The first cell that is seen at the top of the scrolled page. */
export function topCell(page: HTMLElement, cells: readonly CellModel[]): string | null {
  const top = page.getBoundingClientRect().top;
  let [low, high] = [0, cells.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    const place = document.getElementById(`cell-${cells[middle]?.id ?? ''}`)?.getBoundingClientRect();
    if (place && place.bottom - top > 64) high = middle;
    else low = middle + 1;
  }
  return cells[low]?.id ?? null;
}
