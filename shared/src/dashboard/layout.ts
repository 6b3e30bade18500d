/**
 * The geometry of a dashboard: rectangles on 12 columns, as editors arrange them and pages show them.
 *
 * L1  After `settle` no two tiles overlap and none leaves the columns.
 * L2  `settle` moves only what it must, and only downwards or, to close gaps, upwards; columns are never changed.
 * L3  The same tiles give the same arrangement, whatever the order of the list.
 */
export const LAYOUT_COLUMNS = 12;
export const LAYOUT_MAX_HEIGHT = 40;
export const LAYOUT_MAX_TILES = 200;

export interface Rect {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

export function overlap(a: Rect, b: Rect): boolean {
  return a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;
}

/** The nearest rectangle of whole cells within the columns. */
export function clampRect<R extends Rect>(rect: R): R {
  const w = between(1, Math.round(rect.w), LAYOUT_COLUMNS);
  const h = between(1, Math.round(rect.h), LAYOUT_MAX_HEIGHT);
  return { ...rect, w, h, x: between(0, Math.round(rect.x), LAYOUT_COLUMNS - w), y: Math.max(0, Math.round(rect.y)) };
}

/** Closes gaps from above, in reading order. */
export function settle<R extends Rect>(tiles: readonly R[]): R[] {
  const placed: R[] = [];
  const order = new Map(tiles.map((tile, index) => [tile, index]));
  const first = (a: R, b: R) => a.y - b.y || a.x - b.x || (order.get(a) ?? 0) - (order.get(b) ?? 0);
  const result = new Map<R, R>();
  for (const tile of [...tiles].sort(first)) {
    const rect = clampRect(tile);
    const at = { ...rect, y: lowestFree(rect, placed) };
    placed.push(at);
    result.set(tile, at);
  }
  return tiles.map((tile) => result.get(tile) ?? tile);
}

/** The highest row to which the rectangle can rise without passing through another. */
function lowestFree(rect: Rect, placed: readonly Rect[]): number {
  const above = placed.filter((other) => sharesColumns(rect, other));
  return Math.max(0, ...above.map((other) => other.y + other.h));
}

/**
 * Moves or sizes one tile; the others make way and close up. A tile that is moved changes places with one of its size
 * that it covers by more than half; otherwise it goes before or after what it is over, by where its middle is passed.
 * A tile that is sized keeps its corner: what is in the way goes below.
 */
export function placeTile<R extends Rect>(tiles: readonly R[], tile: R, rect: Partial<Rect>): R[] {
  const wanted = clampRect({ ...tile, ...rect });
  const others = tiles.filter((each) => each !== tile);
  const isMove = wanted.w === tile.w && wanted.h === tile.h;
  const twin = isMove ? others.find((other) => isTwin(other, wanted) && !isPassed(other, wanted)) : undefined;
  if (twin) {
    const [here, there] = [placeOf(tile), placeOf(twin)];
    return settle(
      tiles.map((each) => (each === tile ? { ...each, ...there } : each === twin ? { ...each, ...here } : each)),
    );
  }
  const before = others.filter((other) => isBefore(other, wanted, isMove ? tile : null));
  const at = { ...wanted, y: Math.max(wanted.y, ...before.map((other) => other.y + other.h)) };
  const pushed = pushDown(others, at);
  return settle(tiles.map((each) => (each === tile ? at : (pushed.get(each) ?? each))));
}

function placeOf({ x, y }: Rect): { x: number; y: number } {
  return { x, y };
}

function isTwin(other: Rect, wanted: Rect): boolean {
  if (other.w !== wanted.w || other.h !== wanted.h) return false;
  const across = Math.min(other.x, wanted.x) + other.w - Math.max(other.x, wanted.x);
  const down = Math.min(other.y, wanted.y) + other.h - Math.max(other.y, wanted.y);
  return across > 0 && down > 0 && 2 * across * down > other.w * other.h;
}

/** At the very top there is nothing to exchange places with further down. */
function isPassed(other: Rect, wanted: Rect): boolean {
  return wanted.y === 0 && other.y > 0;
}

/** Whether a tile stays above the one in hand. What was below it makes way as soon as its middle is reached. */
function isBefore(other: Rect, wanted: Rect, from: Rect | null): boolean {
  if (!sharesColumns(other, wanted)) return false;
  if (from === null) return other.y + other.h <= wanted.y;
  const middle = other.y + other.h / 2;
  const wasBelow = sharesColumns(other, from) && other.y >= from.y + from.h;
  return wasBelow && wanted.y > from.y ? middle <= wanted.y + wanted.h : middle < wanted.y;
}

/** Where tiles go that `held` is on, and those that these are on in turn; from above, so each is moved once. */
function pushDown<R extends Rect>(others: readonly R[], held: Rect): Map<R, R> {
  const placed: Rect[] = [held];
  const result = new Map<R, R>();
  for (const other of [...others].sort((a, b) => a.y - b.y || a.x - b.x)) {
    let at = other;
    for (let hit = placed.find((each) => overlap(each, at)); hit; hit = placed.find((each) => overlap(each, at)))
      at = { ...at, y: hit.y + hit.h };
    placed.push(at);
    result.set(other, at);
  }
  return result;
}

function sharesColumns(a: Rect, b: Rect): boolean {
  return a.x < b.x + b.w && b.x < a.x + a.w;
}

/** Where a new tile of this size goes: the first place in reading order where it fits. */
export function freePlace(tiles: readonly Rect[], w: number, h: number): Rect {
  const bottom = Math.max(0, ...tiles.map((tile) => tile.y + tile.h));
  for (let y = 0; y < bottom; y += 1) {
    for (let x = 0; x + w <= LAYOUT_COLUMNS; x += 1) {
      const rect = { x, y, w, h };
      if (!tiles.some((tile) => overlap(tile, rect))) return rect;
    }
  }
  return { x: 0, y: bottom, w, h };
}

/** What is wrong with an arrangement, or null. */
export function layoutProblem(tiles: readonly (Rect & { readonly cellId: string })[]): string | null {
  if (tiles.length > LAYOUT_MAX_TILES)
    return `a dashboard holds at most ${LAYOUT_MAX_TILES} tiles, got ${tiles.length}`;
  const seen = new Set<string>();
  for (const [index, tile] of tiles.entries()) {
    if (seen.has(tile.cellId)) return `cell ${tile.cellId} is on the dashboard twice`;
    seen.add(tile.cellId);
    if (tile.x + tile.w > LAYOUT_COLUMNS) return `tile ${index + 1} leaves the ${LAYOUT_COLUMNS} columns`;
    const other = tiles.findIndex((each, at) => at < index && overlap(each, tile));
    if (other !== -1) return `tiles ${other + 1} and ${index + 1} overlap`;
  }
  return null;
}

function between(low: number, value: number, high: number): number {
  return Math.max(low, Math.min(value, high));
}
