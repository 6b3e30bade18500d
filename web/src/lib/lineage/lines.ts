import type { LineageGraph, LineageLink } from '@datacraft/shared';

/** Where a node's head or one of its columns is drawn, in the drawing's own measure. */
export interface Anchor {
  readonly left: number;
  readonly right: number;
  readonly y: number;
}

export interface Line {
  readonly id: string;
  readonly path: string;
  readonly kind: 'direct' | 'indirect';
  /** Of the column that is looked at. */
  readonly isLit: boolean;
}

export interface Looks {
  /** Whether a column, or the rows of a node (`''`), is part of what is looked at; null while nothing is. */
  readonly isReached: ((key: string, column: string) => boolean) | null;
}

export function anchorName(key: string, column: string | null): string {
  return column === null ? key : `${key}\u0000${column}`;
}

/** A line for each pair of things that are drawn: of columns where they are shown, else of what they are in. */
export function linesOf(graph: LineageGraph, anchors: ReadonlyMap<string, Anchor>, { isReached }: Looks): Line[] {
  const lines = new Map<string, Line>();
  for (const link of graph.links) {
    if (link.from === link.to) continue;
    const [from, to] = [drawn(anchors, link.from, link.fromColumn), drawn(anchors, link.to, link.toColumn)];
    if (from === null || to === null) continue;
    const id = `${from.name}\u0001${to.name}`;
    const known = lines.get(id);
    const isLit = isReached !== null && litBy(link, isReached);
    const kind = link.kind === 'direct' || known?.kind === 'direct' ? 'direct' : 'indirect';
    lines.set(id, { id, path: pathOf(from.at, to.at), kind, isLit: isLit || known?.isLit === true });
  }
  return [...lines.values()].sort((a, b) => Number(a.isLit) - Number(b.isLit));
}

function litBy({ from, fromColumn, to, toColumn }: LineageLink, isReached: NonNullable<Looks['isReached']>): boolean {
  return isReached(from, fromColumn) && isReached(to, toColumn ?? '');
}

function drawn(
  anchors: ReadonlyMap<string, Anchor>,
  key: string,
  column: string | null,
): { readonly name: string; readonly at: Anchor } | null {
  const names = column === null ? [anchorName(key, null)] : [anchorName(key, column), anchorName(key, null)];
  for (const name of names) {
    const at = anchors.get(name);
    if (at) return { name, at };
  }
  return null;
}

const REACH = 24;
/** How far a line goes out beside nodes that stand below each other. */
const GUTTER = 14;

function pathOf(from: Anchor, to: Anchor): string {
  if (to.left >= from.right) {
    const bend = Math.max(REACH / 2, (to.left - from.right) / 2);
    return `M${from.right},${from.y}C${from.right + bend},${from.y},${to.left - bend},${to.y},${to.left},${to.y}`;
  }
  const out = Math.min(from.left, to.left) - GUTTER;
  return `M${from.left},${from.y}C${out},${from.y},${out},${to.y},${to.left},${to.y}`;
}

/** The nearest column on one side of this one, for the arrow keys. */
export function neighbour(
  graph: LineageGraph,
  { key, column }: { readonly key: string; readonly column: string },
  side: 'up' | 'down',
): { readonly key: string; readonly column: string | null } | null {
  const fits = graph.links.filter((link) =>
    side === 'up' ? link.to === key && link.toColumn === column : link.from === key && link.fromColumn === column,
  );
  const best = fits.find((link) => link.kind === 'direct') ?? fits[0];
  if (best === undefined) return null;
  return side === 'up' ? { key: best.from, column: best.fromColumn } : { key: best.to, column: best.toColumn };
}
