import dagre from '@dagrejs/dagre';

export interface Box {
  id: string;
  x: number;
  y: number;
}
export const boxWidth = 184;
export const boxHeight = 32;

/** Places boxes left to right in the order of the work. */
export function layGraph(ids: readonly string[], edges: readonly { from: string; to: string }[]): Box[] {
  const graph = new dagre.graphlib.Graph();
  graph.setGraph({ rankdir: 'LR', nodesep: 16, ranksep: 56, marginx: 24, marginy: 24 });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const id of ids) graph.setNode(id, { width: boxWidth, height: boxHeight });
  for (const edge of edges) graph.setEdge(edge.from, edge.to);
  dagre.layout(graph);
  return ids.map((id) => {
    const node = graph.node(id);
    return { id, x: node.x - boxWidth / 2, y: node.y - boxHeight / 2 };
  });
}
