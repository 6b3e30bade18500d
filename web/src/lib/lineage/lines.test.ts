import type { LineageGraph, LineageLink } from '@datacraft/shared';
import { describe, expect, it } from 'vitest';
import { type Anchor, anchorName, linesOf, neighbour } from './lines.ts';

const link = (more: Partial<LineageLink>): LineageLink => ({
  from: 'a',
  fromColumn: 'x',
  to: 'b',
  toColumn: 'y',
  kind: 'direct',
  how: 'identity',
  ...more,
});
const graphOf = (...links: LineageLink[]): LineageGraph => ({ nodes: [], links });
const at = (left: number, y: number): Anchor => ({ left, right: left + 100, y });
const anchors = (entries: Record<string, Anchor>) => new Map(Object.entries(entries));

describe('lines of lineage', () => {
  it('go from column to column where both are shown, else to the node, once each', () => {
    const graph = graphOf(link({}), link({ kind: 'filter', how: null }), link({ fromColumn: 'z', toColumn: null }));
    const heads = { a: at(0, 10), b: at(200, 10) };
    expect(linesOf(graph, anchors(heads), { isReached: null })).toHaveLength(1);
    const open = anchors({ ...heads, [anchorName('a', 'x')]: at(0, 40), [anchorName('b', 'y')]: at(200, 60) });
    const lines = linesOf(graph, open, { isReached: null });
    expect(lines.map(({ path, kind }) => [path.split('C')[0], kind])).toEqual([
      ['M100,40', 'direct'],
      ['M100,10', 'direct'],
    ]);
  });

  it('light up what is looked at, above the others', () => {
    const graph = graphOf(link({}), link({ from: 'c', fromColumn: 'q' }));
    const all = anchors({ a: at(0, 10), b: at(200, 10), c: at(0, 90) });
    const isReached = (key: string) => key !== 'a';
    expect(linesOf(graph, all, { isReached }).map(({ id, isLit }) => [id[0], isLit])).toEqual([
      ['a', false],
      ['c', true],
    ]);
  });

  it('go round on the left where nodes stand below each other, and not to what is not drawn', () => {
    const lines = linesOf(graphOf(link({}), link({ to: 'nowhere' })), anchors({ a: at(20, 10), b: at(20, 90) }), {
      isReached: null,
    });
    expect(lines.map(({ path }) => path)).toEqual(['M20,10C6,10,6,90,20,90']);
  });

  it('lead the arrow keys to what gives a value first', () => {
    const graph = graphOf(link({ from: 'f', kind: 'filter', how: null }), link({}));
    expect(neighbour(graph, { key: 'b', column: 'y' }, 'up')).toEqual({ key: 'a', column: 'x' });
    expect(neighbour(graph, { key: 'a', column: 'x' }, 'down')).toEqual({ key: 'b', column: 'y' });
    expect(neighbour(graph, { key: 'a', column: 'x' }, 'up')).toBeNull();
  });
});
