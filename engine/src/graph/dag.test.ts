import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createDag, cyclePath, downstreamOf, topologicalOrder, upstreamOf } from './dag.ts';

const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
const anyEdges = fc.array(fc.tuple(fc.constantFrom(...names), fc.constantFrom(...names)), { maxLength: 20 });

function dagOf(edges: readonly (readonly [string, string])[], nodes: readonly string[] = names) {
  return createDag(nodes, (node) => edges.filter(([, reader]) => reader === node).map(([read]) => read));
}

describe('dag', () => {
  it('orders upstream before downstream and keeps page order among the free', () => {
    const dag = dagOf([['c', 'a']], ['a', 'b', 'c']);
    expect(topologicalOrder(dag).order).toEqual(['b', 'c', 'a']);
  });

  it('places every node once, after all it reads, or reports it as blocked by a cycle', () => {
    fc.assert(
      fc.property(anyEdges, (edges) => {
        const dag = dagOf(edges);
        const { order, cyclic } = topologicalOrder(dag);
        expect([...order, ...cyclic].sort()).toEqual(names);
        for (const [read, reader] of edges) {
          if (order.includes(reader)) expect(order.indexOf(read)).toBeLessThan(order.indexOf(reader));
        }
        const onCycle = names.filter((name) => upstreamOf(dag, name).has(name));
        expect(onCycle.every((name) => cyclic.includes(name))).toBe(true);
        expect(cyclic.length > 0).toBe(onCycle.length > 0);
      }),
    );
  });

  it('upstream and downstream are each other turned round', () => {
    fc.assert(
      fc.property(anyEdges, fc.constantFrom(...names), fc.constantFrom(...names), (edges, a, b) => {
        const dag = dagOf(edges);
        expect(upstreamOf(dag, a).has(b)).toBe(downstreamOf(dag, b).has(a));
      }),
    );
  });

  it('finds a cycle path exactly for nodes on a cycle, along real edges', () => {
    fc.assert(
      fc.property(anyEdges, fc.constantFrom(...names), (edges, node) => {
        const dag = dagOf(edges);
        const path = cyclePath(dag, node);
        expect(path !== null).toBe(upstreamOf(dag, node).has(node));
        if (path === null) return;
        expect([path[0], path.at(-1)]).toEqual([node, node]);
        for (let at = 1; at < path.length; at += 1) {
          expect(dag.upstream.get(path[at - 1] ?? '')).toContain(path[at]);
        }
      }),
    );
  });

  it('drops edges to nodes that are not there', () => {
    expect(dagOf([['zz', 'a']], ['a']).upstream.get('a')).toEqual([]);
  });
});
