import { bringInEditor } from '#lib/editor/place.ts';
import { cellNode, rangeOf } from './found-marks.ts';
import type { Place, Wanted } from './search.ts';

const SETTLED_MS = 200;
const LONGEST_MS = 3_000;
/** What is at the top lies under the search. */
const MARGIN_PX = 128;
const HANDS = ['wheel', 'touchmove', 'pointerdown', 'keydown'] as const;

/**
 * Brings what was found into view, and holds it there until what is drawn on the way has its heights, or somebody takes
 * the page in hand.
 */
export function bring(place: Place, places: readonly Place[], wanted: Wanted): void {
  const begunAt = performance.now();
  const hands = new AbortController();
  let top: number | null = null;
  let movedAt = begunAt;
  let broughtIn = false;
  for (const kind of HANDS)
    addEventListener(kind, () => hands.abort(), { signal: hands.signal, passive: true, capture: true });

  function look(): void {
    if (hands.signal.aborted) return;
    const now = performance.now();
    const cell = cellNode(place.cellId);
    const range = rangeOf(place, places, wanted);
    const editor = cell?.querySelector<HTMLElement>('.cm-content');
    if (editor && place.part === 'text' && !broughtIn) {
      bringInEditor(editor, place.from, place.to);
      broughtIn = true;
    }
    if (range) scrollTo(range.getBoundingClientRect());
    else cell?.scrollIntoView({ block: 'nearest' });
    const at = (range ?? cell)?.getBoundingClientRect().top ?? null;
    if (at !== top) movedAt = now;
    top = at;
    if (now - movedAt > SETTLED_MS || now - begunAt > LONGEST_MS) hands.abort();
    else requestAnimationFrame(look);
  }
  // The key that asked for it is not yet over.
  requestAnimationFrame(look);
}

/** As little as is needed: what is seen stays where it is. */
function scrollTo(rect: DOMRect): void {
  const page = document.getElementById('content');
  if (!page || rect.height === 0) return;
  const { top, bottom } = page.getBoundingClientRect();
  if (rect.top >= top + MARGIN_PX && rect.bottom <= bottom - MARGIN_PX) return;
  page.scrollTop += rect.top - (top + (bottom - top) / 3);
}
