/**
 * Calls `show` when what `asked` says is another text than before, and only then: what the text is made of may be told
 * anew, by each event of the server, without saying anything else. It is called when all that follows from the change
 * is known, so that `show` finds the cells as they are now. Null: there is nothing to show. Call it while a component
 * is made.
 */
export function whenChanged(asked: () => string | null, show: () => void): void {
  const key = $derived(asked());
  $effect(() => {
    if (key !== null) queueMicrotask(show);
  });
}
