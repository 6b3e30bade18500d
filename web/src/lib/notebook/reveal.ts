const SETTLED_MS = 200;
const LONGEST_MS = 3_000;
/** What a person does to the page is theirs: it is moved no more. */
const HANDS = ['wheel', 'touchmove', 'pointerdown', 'keydown'] as const;

/**
 * Brings a cell into view; by default without moving what is already seen. Cells on the way have guessed heights until
 * they are painted, so it looks again until the cell stands still, or somebody takes the page in hand.
 */
export function reveal(id: string, block: 'nearest' | 'start' = 'nearest'): void {
  const begunAt = performance.now();
  const hands = new AbortController();
  let top: number | null = null;
  let movedAt = begunAt;
  for (const kind of HANDS)
    addEventListener(kind, () => hands.abort(), { signal: hands.signal, passive: true, capture: true });

  function look(): void {
    if (hands.signal.aborted) return;
    const now = performance.now();
    const cell = document.getElementById(`cell-${id}`);
    cell?.scrollIntoView({ block });
    const at = cell?.getBoundingClientRect().top ?? null;
    if (at !== top) movedAt = now;
    top = at;
    if (now - movedAt > SETTLED_MS || now - begunAt > LONGEST_MS) hands.abort();
    else requestAnimationFrame(look);
  }
  look();
}
