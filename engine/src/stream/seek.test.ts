import { describe, expect, it } from 'vitest';
import { positionsOf } from '../source/kafka/seek.ts';
import { moveOf } from './seek.ts';

const span = { lane: '0', topic: 't', partition: 0, low: 10n, high: 90n };

describe('moving a stream', () => {
  it('K1 says how many messages are read twice, and how many never', () => {
    expect(moveOf({ ...span, to: 10n }, 50n)).toMatchObject({ from: '50', to: '10', again: '40', skipped: '0' });
    expect(moveOf({ ...span, to: 90n }, 50n)).toMatchObject({ again: '0', skipped: '40' });
    expect(moveOf({ ...span, to: 90n }, 5n)).toMatchObject({ skipped: '85' });
    expect(moveOf({ ...span, to: 10n }, undefined)).toMatchObject({ from: null, again: '0', skipped: '0' });
  });

  it('K1 of a topic made anew counts nothing as read twice, for its messages are others', () => {
    expect(moveOf({ ...span, to: 10n }, 500n)).toMatchObject({ from: '500', again: '0', skipped: '0' });
    expect(moveOf({ ...span, to: 30n }, 500n)).toMatchObject({ again: '0', skipped: '20' });
  });

  it('takes offsets that a partition holds, and the one behind its last', () => {
    const to = (offset: string) =>
      positionsOf([span], { kind: 'offsets', offsets: { '0': offset } }).map((each) => each.to);
    expect([to('10'), to('90')]).toEqual([[10n], [90n]]);
    expect(() => to('9')).toThrow('partition 0 holds 10 to 89, and the next will be 90; got 9');
    expect(() => positionsOf([span], { kind: 'offsets', offsets: { '7': '1' } })).toThrow('no partition 7');
    expect(
      positionsOf([span, { ...span, lane: '1', partition: 1 }], { kind: 'offsets', offsets: { '1': '11' } }),
    ).toMatchObject([{ partition: 1 }]);
  });
});
