import type { CellId, CellStatus } from '@datacraft/shared';
import { describe, expect, it } from 'vitest';
import { LiveState } from './live-state.svelte.ts';

const statusOf = (name: string, fingerprint: string, dependsOn: string[] = []): CellStatus =>
  ({
    id: `cell_${name}` as CellId,
    name,
    relation: null,
    dependsOn,
    freshness: 'stale',
    staleBecause: [],
    fingerprint,
    published: null,
  }) as unknown as CellStatus;
const hear = (live: LiveState, cells: CellStatus[]): void =>
  live.hear({ type: 'graph', revision: 1, cells, diagnostics: [] });
const id = (name: string) => `cell_${name}` as CellId;

describe('what is known of a notebook', () => {
  it('L4 changes of the cell of which something new is told, and of no other', () => {
    const live = new LiveState();
    hear(live, [statusOf('a', '1'), statusOf('b', '1'), statusOf('c', '1', ['b'])]);
    const before = live.statuses.all;
    const states = before.map(({ id, name }) => live.stateOf(id, name));
    hear(live, [statusOf('a', '1'), statusOf('b', '2'), statusOf('c', '1', ['b'])]);
    const after = live.statuses.all;
    expect(after.map((status, at) => status === before[at])).toEqual([true, false, true]);
    const isKept = after.map(({ id, name }, at) => live.stateOf(id, name) === states[at]);
    expect(isKept).toEqual([true, false, true]);
  });

  it('forgets a cell that is gone and learns of one that came', () => {
    const live = new LiveState();
    hear(live, [statusOf('a', '1'), statusOf('b', '1')]);
    hear(live, [statusOf('b', '1'), statusOf('d', '1')]);
    expect([live.statuses.get(id('a')), live.statuses.get(id('d'))?.name]).toEqual([undefined, 'd']);
    expect(live.statuses.all.map(({ name }) => name)).toEqual(['b', 'd']);
    expect([...live.byName.keys()].sort()).toEqual(['b', 'd']);
  });

  it('tells what waits for a broken cell above, and that it waits no more', () => {
    const live = new LiveState();
    const cells = [statusOf('a', '1'), statusOf('b', '1', ['a']), statusOf('c', '1')];
    const broken = { severity: 'error', code: 'unknown-name', message: '', cell: 'a', cellId: id('a') } as never;
    live.hear({ type: 'graph', revision: 1, cells, diagnostics: [broken] });
    expect(live.stateOf(id('b'), 'b')).toMatchObject({ mark: 'blocked', waitsFor: 'a' });
    expect(live.stateOf(id('c'), 'c').mark).toBe('stale');
    hear(live, cells);
    expect(live.stateOf(id('b'), 'b').mark).toBe('stale');
  });
});
