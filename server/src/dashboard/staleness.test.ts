import type { Graph } from '@datacraft/engine';
import { describe, expect, it } from 'vitest';
import { stalenessOf } from './staleness.ts';

const cell = (name: string, dependsOn: string[], published = true) => ({
  name,
  kind: 'sql',
  dependsOn,
  inputs: [],
  tables: [],
  sides: [],
  relation: published ? { layer: 'silver', name } : null,
});
const graph = {
  cells: new Map(
    [cell('orders', []), cell('daily', ['orders']), cell('chart', ['daily'], false)].map((each) => [each.name, each]),
  ),
  order: ['orders', 'daily', 'chart'],
} as unknown as Graph;
const at = (minute: number) => new Date(Date.UTC(2026, 0, 1, 0, minute));
const relation = (fingerprint: string, minute: number, upstream: Record<string, string> = {}) => ({
  fingerprint,
  upstream,
  publishedAt: at(minute),
});
const fresh = new Map([
  ['silver.orders', relation('o1', 1)],
  ['silver.daily', relation('d1', 1, { orders: 'o1' })],
]);

describe('how fresh a tile is', () => {
  it('is fresh while everything it is computed from is what it was computed from', () => {
    expect(stalenessOf(graph, 'chart', fresh, new Set())).toBeNull();
    expect(stalenessOf(graph, 'chart', fresh, new Set(['elsewhere']))).toBeNull();
  });

  it('is behind when something upstream was published later with other rows', () => {
    const moved = new Map([...fresh, ['silver.orders', relation('o2', 5)]] as const);
    expect(stalenessOf(graph, 'chart', moved, new Set())).toBe('outdated');
    expect(stalenessOf(graph, 'orders', moved, new Set())).toBeNull();
  });

  it('says that the last run failed, also of a cell further up', () => {
    expect(stalenessOf(graph, 'chart', fresh, new Set(['orders']))).toBe('run-failed');
  });
});
