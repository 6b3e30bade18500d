/**
 * Whether a tile's rows are behind, by what is published now: the last run of something it shows failed, or something
 * was published after what is computed from it. Pure; it says why in one word, and never which cell.
 */
import type { Graph, PublishedRelation } from '@datacraft/engine';
import { tileReads } from '@datacraft/engine';
import type { TileData } from '@datacraft/shared';
import { relationName } from '@datacraft/shared';

export type Staleness = NonNullable<Extract<TileData, { state: 'ok' }>['stale']>;
type Known = Pick<PublishedRelation, 'fingerprint' | 'upstream' | 'publishedAt'>;

export function stalenessOf(
  graph: Graph,
  name: string,
  published: ReadonlyMap<string, Known>,
  failed: ReadonlySet<string>,
): Staleness | null {
  const names = [name, ...tileReads(graph, name).cells];
  if (names.some((each) => failed.has(each))) return 'run-failed';
  return names.some((each) => isBehind(graph, each, published)) ? 'outdated' : null;
}

function isBehind(graph: Graph, name: string, published: ReadonlyMap<string, Known>): boolean {
  const cell = graph.cells.get(name);
  const own = cell?.relation ? published.get(relationName(cell.relation)) : undefined;
  if (!cell || !own) return false;
  const foreign = cell.tables.flatMap((ref) => published.get(relationName(ref)) ?? []);
  if (foreign.some((table) => table.publishedAt > own.publishedAt)) return true;
  return Object.entries(own.upstream).some(([above, then]) => {
    const relation = graph.cells.get(above)?.relation;
    const now = relation ? published.get(relationName(relation)) : undefined;
    return now !== undefined && now.fingerprint !== then && now.publishedAt > own.publishedAt;
  });
}
