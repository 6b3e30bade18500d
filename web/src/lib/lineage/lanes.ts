import type { LineageGraph, LineageNode } from '@datacraft/shared';

/** Nodes by their distance from what reads nothing, so that lines go one way; a circle counts once. */
export function lanesOf(graph: LineageGraph): readonly (readonly LineageNode[])[] {
  const above = new Map<string, Set<string>>();
  for (const { from, to } of graph.links)
    if (from !== to) above.set(to, (above.get(to) ?? new Set<string>()).add(from));
  const depths = new Map<string, number>();
  const depthOf = (key: string, path: ReadonlySet<string>): number => {
    const known = depths.get(key);
    if (known !== undefined) return known;
    const next = new Set([...path, key]);
    const before = [...(above.get(key) ?? [])].filter((each) => !path.has(each));
    const depth = Math.max(-1, ...before.map((each) => depthOf(each, next))) + 1;
    depths.set(key, depth);
    return depth;
  };
  const lanes: LineageNode[][] = [];
  for (const node of graph.nodes) (lanes[depthOf(node.key, new Set())] ??= []).push(node);
  return lanes.filter((lane) => lane.length > 0);
}

/** What a person calls a node. */
export function nameOf({ key, cell, kind }: LineageNode): string {
  if (kind === 'input' && cell !== null) return `$${cell}`;
  return key.includes('/') && cell !== null ? cell : key;
}
