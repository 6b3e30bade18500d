/** What the page on screen puts into the frame: beside its content, a room may fill the bars and the panel. */
import type { Snippet } from 'svelte';

class Frame {
  crumb = $state.raw<Snippet | null>(null);
  actions = $state.raw<Snippet | null>(null);
  status = $state.raw<Snippet | null>(null);
  outline = $state.raw<Snippet | null>(null);
  panel = $state.raw<Snippet | null>(null);
  /** The panel is open where there is no room for it beside the document. */
  sheet = $state(false);
}

export const frame = new Frame();

type Parts = { crumb?: Snippet; actions?: Snippet; status?: Snippet; outline?: Snippet; panel?: Snippet };

/** Fills the frame; the answer empties what it filled, unless the next page already took the place. */
export function fillFrame(parts: Parts): () => void {
  frame.crumb = parts.crumb ?? null;
  frame.actions = parts.actions ?? null;
  frame.status = parts.status ?? null;
  frame.outline = parts.outline ?? null;
  frame.panel = parts.panel ?? null;
  return () => {
    if (frame.crumb === (parts.crumb ?? null)) {
      frame.crumb = frame.actions = frame.status = frame.outline = frame.panel = null;
    }
  };
}
