/** Boxes and links as the drawing library wants them. */
import type { Edge, Node } from '@xyflow/svelte';
import { boxHeight, boxWidth, layGraph } from './layout.ts';

export interface Link {
  from: string;
  to: string;
}

/** `dataOf` gives what the box's component reads; its name is what a screen reader says. */
export function flowNodes(
  ids: readonly string[],
  links: readonly Link[],
  box: { type: string; selected: string | null; nameOf: (id: string) => string; dataOf: (id: string) => Node['data'] },
): Node[] {
  return layGraph(ids, links).map((place) => ({
    id: place.id,
    type: box.type,
    position: { x: place.x, y: place.y },
    data: box.dataOf(place.id),
    selected: place.id === box.selected,
    draggable: false,
    ariaLabel: box.nameOf(place.id),
    width: boxWidth,
    height: boxHeight,
  }));
}

/** A link that holds its end up is dashed. */
export function flowEdges(links: readonly Link[], holds: (link: Link) => boolean): Edge[] {
  return links.map((link) => ({
    id: `${link.from}-${link.to}`,
    source: link.from,
    target: link.to,
    type: 'default',
    style: `stroke: var(--line-3); ${holds(link) ? 'stroke-dasharray: 3 3' : ''}`,
  }));
}
