import type { LineageNode, ReachedColumns } from '@datacraft/shared';
import { nameOf } from './lanes.ts';

/** From so many tables on, one that opens because it was reached shows the reached columns alone. */
const MANY = 40;
/** From so many on, there is something to search in. */
export const SEARCHED = 8;

type Column = LineageNode['columns'][number];

/** Which columns of a node a search shows: all where its own name fits, else those whose names do; null where none does. */
export function foundColumns(node: LineageNode, text: string): readonly Column[] | null {
  const wanted = text.trim().toLowerCase();
  if (wanted === '' || [nameOf(node), node.notebookTitle].some((name) => name.toLowerCase().includes(wanted)))
    return node.columns;
  const found = node.columns.filter(({ name }) => `${nameOf(node)}.${name}`.toLowerCase().includes(wanted));
  return found.length === 0 ? null : found;
}

export interface Opened {
  /** By the reader, or because the page is about it. */
  readonly isAsked: boolean;
  readonly reached: readonly (ReachedColumns | null)[];
}

/** Of a node that is open: few columns in a graph of many tables, so that thousands are not drawn for one that was chosen. */
export function openColumns(node: LineageNode, tables: number, { isAsked, reached }: Opened): readonly Column[] {
  if (isAsked || tables < MANY) return node.columns;
  return node.columns.filter(({ name }) => reached.some((columns) => columns?.get(node.key)?.has(name) ?? false));
}
