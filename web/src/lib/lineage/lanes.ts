import type { LineageGraph, LineageNode } from '@datacraft/shared';

/** Nodes by their distance from what reads nothing, so that lines go one way; a circle counts once. */
export function lanesOf(graph: LineageGraph): readonly (readonly LineageNode[])[] {
  const above = new Map<string, Set<string>>();
  for (const { from, to } of graph.links)
    if (from !== to) above.set(to, (above.get(to) ?? new Set<string>()).add(from));
  const depths = new Map<string, number>();
  const path = new Set<string>();
  const depthOf = (key: string): number => {
    const known = depths.get(key);
    if (known !== undefined) return known;
    const before = [...(above.get(key) ?? [])].filter((each) => !path.has(each));
    path.add(key);
    let depth = 0;
    for (const each of before) depth = Math.max(depth, depthOf(each) + 1);
    path.delete(key);
    depths.set(key, depth);
    return depth;
  };
  const lanes: LineageNode[][] = [];
  for (const node of graph.nodes) (lanes[depthOf(node.key)] ??= []).push(node);
  return lanes.filter((lane) => lane.length > 0);
}

/** What a person calls a node. */
export function nameOf({ key, cell, kind }: LineageNode): string {
  if (kind === 'input' && cell !== null) return `$${cell}`;
  return key.includes('/') && cell !== null ? cell : key;
}
