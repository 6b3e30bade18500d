import type { LineageGraph, LineageNode } from '@datacraft/shared';
import { describe, expect, it } from 'vitest';
import { lanesOf, nameOf } from './lanes.ts';

const node = (key: string, cell = key): LineageNode => ({
  key,
  kind: 'sql',
  cell,
  notebookId: null,
  notebookTitle: '',
  columns: [],
  gaps: [],
});
const graph = (keys: string, ...links: string[]): LineageGraph => ({
  nodes: keys.split(' ').map((key) => node(key)),
  links: links.map((link) => {
    const [from = '', to = ''] = link.split('>');
    return { from, fromColumn: 'x', to, toColumn: 'x', kind: 'direct', how: 'identity' };
  }),
});
const names = (of: LineageGraph) => lanesOf(of).map((lane) => lane.map(({ key }) => key).join(' '));

describe('lanes', () => {
  it('put every node behind all it reads', () => {
    expect(names(graph('d a c b', 'a>b', 'b>d', 'a>d', 'c>d'))).toEqual(['a c', 'b', 'd']);
  });

  it('end for what reads itself, and for a circle', () => {
    expect(names(graph('a b', 'a>a', 'a>b'))).toEqual(['a', 'b']);
    expect(
      names(graph('a b', 'a>b', 'b>a'))
        .join(' ')
        .split(' ')
        .sort(),
    ).toEqual(['a', 'b']);
  });

  it('call what is in a notebook by its cell', () => {
    expect(nameOf(node('silver.orders'))).toBe('silver.orders');
    expect(nameOf(node('notebook:1/chart', 'chart'))).toBe('chart');
    expect(nameOf({ ...node('notebook:1/low', 'low'), kind: 'input' })).toBe('$low');
  });
});
