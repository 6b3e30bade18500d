import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LiveAlert, Observation } from './transition.ts';
import { transition } from './transition.ts';

const sight = (key: string): Observation => ({ key, cause: key, title: key, summary: key, facts: {}, link: null });
const at = (seconds: number) => new Date(Date.UTC(2026, 0, 1) + seconds * 1_000);
const pending = (key: string, since = 0): LiveAlert => ({ id: key, key, state: 'pending', startedAt: at(since) });

describe('transitions', () => {
  it('A2 fires at once without a time to wait, and after it with one', () => {
    expect(transition([], [sight('a')], at(0), 0).begin).toMatchObject([{ fires: true }]);
    expect(transition([], [sight('a')], at(0), 60).begin).toMatchObject([{ fires: false }]);
    expect(transition([pending('a')], [sight('a')], at(59), 60).fire).toEqual([]);
    expect(transition([pending('a')], [sight('a')], at(60), 60).fire).toHaveLength(1);
  });

  it('A1 A3 has each key in exactly one change, for any state and any sight', () => {
    const keys = fc.uniqueArray(fc.constantFrom<string>('a', 'b', 'c', 'd', 'e'));
    fc.assert(
      fc.property(keys, keys, keys, fc.nat(100), fc.nat(100), (waiting, firing, seen, seconds, forSeconds) => {
        const live: LiveAlert[] = [
          ...waiting.map((key) => pending(key)),
          ...firing
            .filter((key) => !waiting.includes(key))
            .map((key) => ({ ...pending(key), state: 'firing' as const })),
        ];
        const change = transition(live, seen.map(sight), at(seconds), forSeconds);
        const told = [
          ...change.begin.map((each) => each.seen.key),
          ...[...change.fire, ...change.keep].map((each) => each.alert.key),
          ...[...change.resolve, ...change.forget].map((alert) => alert.key),
        ];
        expect(told.toSorted()).toEqual([...new Set([...live.map((alert) => alert.key), ...seen])].toSorted());
        expect(change.resolve.every((alert) => alert.state === 'firing' && !seen.includes(alert.key))).toBe(true);
        expect(change.forget.every((alert) => alert.state === 'pending')).toBe(true);
      }),
    );
  });
});
