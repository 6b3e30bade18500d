import type { LineageDirection, LineageGraph } from '@datacraft/shared';
import { indexLineage } from '@datacraft/shared';
import { networkx } from '../services/oracles.ts';
import type { Comparison, Side } from './pairs.ts';
import { comparePairs, timed } from './pairs.ts';
import { startPythonPeer } from './python-peer.ts';

interface Answer {
  readonly seconds: number;
  readonly found: number;
}

interface Column {
  readonly key: string;
  readonly column: string;
}

/** Building a graph of columns and asking it, beside networkx over the same edges. Both must reach as many columns. */
export async function besideNetworkx(
  graph: LineageGraph,
  asked: readonly Column[],
  pairs: number,
): Promise<Comparison[]> {
  const peer = await startPythonPeer(networkx, 'lineage-networkx.py');
  const answer = async (question: object) => (await peer.ask(JSON.stringify(question))) as Answer;
  const theirs = (question: object): Side => ({
    name: `networkx ${networkx.version}`,
    run: async () => {
      const { seconds, found } = await answer(question);
      return { ms: 1_000 * seconds, result: `${found} columns` };
    },
  });
  try {
    await answer({
      edges: graph.links.map((link) => [nodeOf(link.from, link.fromColumn), nodeOf(link.to, link.toColumn)]),
    });
    const columns = graph.nodes.reduce((sum, node) => sum + node.columns.length, 0);
    const built = await comparePairs(
      `a graph of ${columns} columns and ${graph.links.length} edges, built`,
      {
        name: 'index',
        run: async () => ({ ms: (await timed(async () => indexLineage(graph))).ms, result: `${columns} columns` }),
      },
      theirs({ build: true }),
      pairs,
    );
    const nodes = asked.map(({ key, column }) => nodeOf(key, column));
    const reached = (way: LineageDirection) =>
      comparePairs(
        `${asked.length} questions what is ${way === 'down' ? 'below' : 'above'} a column`,
        { name: 'reach', run: () => ourReach(graph, asked, way) },
        theirs({ way, nodes }),
        pairs,
      );
    return [built, await reached('down'), await reached('up')];
  } finally {
    peer.stop();
  }
}

async function ourReach(graph: LineageGraph, asked: readonly Column[], way: LineageDirection) {
  const index = indexLineage(graph);
  const { ms, value } = await timed(async () => asked.map((column) => index.reach(column, way)));
  const found = value.map((reached) => [...reached.values()].reduce((sum, columns) => sum + columns.size, 0) - 1);
  return { ms, result: `${found.reduce((sum, each) => sum + each, 0)} columns` };
}

function nodeOf(key: string, column: string | null): string {
  return `${key}.${column ?? ''}`;
}
