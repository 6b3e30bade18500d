import { ROW_PX } from './columns.ts';
import { maxOffset, offsetAfterScroll, type ScrollSpace, trackFor, trackHeight } from './scroll-scale.ts';

const SETTLE_MS = 160;

/**
 * Where a grid is scrolled to, in pixels of its rows. The browser's track may be shorter than the rows: the thumb is put
 * right when the hand rests.
 */
export class GridScroll {
  left = 0;
  #offset = 0;
  #lastTop = 0;
  #rest: ReturnType<typeof setTimeout> | undefined;
  readonly #space: () => ScrollSpace;

  constructor(space: () => ScrollSpace) {
    this.#space = space;
  }

  get top(): number {
    return Math.min(this.#offset, maxOffset(this.#space()));
  }

  get firstRow(): number {
    return Math.floor(this.top / ROW_PX);
  }

  /** The element was scrolled. */
  follow(scroller: HTMLElement): void {
    this.left = scroller.scrollLeft;
    const now = scroller.scrollTop;
    if (now === this.#lastTop) return;
    const space = this.#space();
    // The track may be a scrollbar's width short of the rows: its end is theirs.
    const atEnd = now >= scroller.scrollHeight - scroller.clientHeight - 1;
    this.#offset = atEnd ? maxOffset(space) : offsetAfterScroll(space, this.top, this.#lastTop, now);
    this.#lastTop = now;
    clearTimeout(this.#rest);
    this.#rest = setTimeout(() => this.#settle(scroller), SETTLE_MS);
  }

  to(scroller: HTMLElement, offset: number, left: number): void {
    const space = this.#space();
    this.#offset = Math.max(0, Math.min(offset, maxOffset(space)));
    scroller.scrollTop = trackFor(space, this.#offset);
    this.#lastTop = scroller.scrollTop;
    scroller.scrollLeft = left;
    this.left = scroller.scrollLeft;
  }

  stop(): void {
    clearTimeout(this.#rest);
  }

  #settle(scroller: HTMLElement): void {
    const space = this.#space();
    if (trackHeight(space) === space.contentPx) return;
    scroller.scrollTop = trackFor(space, this.top);
    this.#lastTop = scroller.scrollTop;
  }
}
