/**
 * Scrolling over more rows than an element can be tall. Browsers cap heights near 17 to 33 million px, so a taller
 * content gets a shorter track: small moves go pixel by pixel, jumps of the thumb go in proportion, and when the
 * scrolling rests the thumb is put where the rows are.
 */
export const MAX_TRACK_PX = 8_000_000;

export interface ScrollSpace {
  readonly contentPx: number;
  readonly viewportPx: number;
}

export function trackHeight({ contentPx }: ScrollSpace): number {
  return Math.min(contentPx, MAX_TRACK_PX);
}

function ratio(space: ScrollSpace): number {
  const track = trackHeight(space) - space.viewportPx;
  return track <= 0 ? 1 : (space.contentPx - space.viewportPx) / track;
}

export function maxOffset({ contentPx, viewportPx }: ScrollSpace): number {
  return Math.max(0, contentPx - viewportPx);
}

/** Where the content stands after the track moved from `before` to `after`. */
export function offsetAfterScroll(space: ScrollSpace, offset: number, before: number, after: number): number {
  const end = trackHeight(space) - space.viewportPx;
  if (trackHeight(space) === space.contentPx) return clamp(after, maxOffset(space));
  if (after <= 0) return 0;
  if (after >= end - 1) return maxOffset(space);
  const moved = after - before;
  const isJump = Math.abs(moved) > space.viewportPx * 4;
  return clamp(isJump ? after * ratio(space) : offset + moved, maxOffset(space));
}

/** Where the thumb belongs for an offset. */
export function trackFor(space: ScrollSpace, offset: number): number {
  return clamp(offset, maxOffset(space)) / ratio(space);
}

/** The least move that brings `[start, end)` into view. */
export function reveal(offset: number, viewport: number, start: number, end: number): number {
  if (start < offset) return start;
  if (end > offset + viewport) return end - viewport;
  return offset;
}

function clamp(value: number, max: number): number {
  return Math.max(0, Math.min(value, max));
}
