const SETTLED_MS = 150;

/**
 * Brings a cell into view; by default without moving what is already seen. Cells on the way have guessed heights until
 * they are painted, so it looks again when they are.
 */
export function reveal(id: string, block: 'nearest' | 'start' = 'nearest'): void {
  const go = (): void => document.getElementById(`cell-${id}`)?.scrollIntoView({ block });
  go();
  requestAnimationFrame(() => {
    go();
    setTimeout(go, SETTLED_MS);
  });
}
