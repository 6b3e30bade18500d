/** Enough to fill a tall screen. */
const AT_ONCE = 8;
const A_TURN = 6;

/**
 * How many cells of a long notebook are made so far: those of the first screen at once, the others a few at a time
 * while the browser has nothing better to do. Call it while a component is made.
 */
export function inTurn(all: () => number): { readonly made: number } {
  let made = $state(AT_ONCE);
  $effect(() => {
    if (made >= all()) return;
    return whenIdle(() => (made += A_TURN));
  });
  return {
    get made() {
      return made;
    },
  };
}

/** Safari has no idle callbacks. The answer takes the wish back. */
function whenIdle(work: () => void): () => void {
  if (typeof requestIdleCallback !== 'function') {
    const timer = setTimeout(work, 16);
    return () => clearTimeout(timer);
  }
  const handle = requestIdleCallback(work, { timeout: 200 });
  return () => cancelIdleCallback(handle);
}
