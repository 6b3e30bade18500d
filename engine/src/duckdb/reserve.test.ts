import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createReserve } from './reserve.ts';

const SURPLUS_MS = 10_000;

function reserveOf(keep: number, ready = (_: string) => true) {
  const gone: string[] = [];
  return {
    gone,
    reserve: createReserve<string>({
      keep,
      surplusMs: SURPLUS_MS,
      isReady: ready,
      letGo: (child) => void gone.push(child),
    }),
  };
}

describe('children that wait for a session', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('stay as many as are kept, however long', () => {
    const { reserve, gone } = reserveOf(2);
    for (const child of ['a', 'b']) reserve.put(child);
    vi.advanceTimersByTime(10 * SURPLUS_MS);
    expect([reserve.size, gone]).toEqual([2, []]);
  });

  it('above those stay while bursts need them, and go once none did for a while', () => {
    const { reserve, gone } = reserveOf(1);
    for (const child of ['a', 'b', 'c', 'd']) reserve.put(child);
    for (let burst = 0; burst < 5; burst += 1) {
      const taken = [reserve.take(), reserve.take()];
      vi.advanceTimersByTime(SURPLUS_MS / 2);
      for (const child of taken) reserve.put(child ?? '');
      vi.advanceTimersByTime(SURPLUS_MS / 2);
    }
    expect([reserve.size, gone.length]).toEqual([3, 1]); // two at a time were needed, and one is kept beside them
    vi.advanceTimersByTime(2 * SURPLUS_MS);
    expect([reserve.size, gone.length]).toEqual([1, 3]);
  });

  it('are taken in the order they came, those that are ready first', () => {
    const { reserve } = reserveOf(3, (child) => child !== 'new');
    for (const child of ['new', 'a', 'b']) reserve.put(child);
    expect([reserve.take(), reserve.take(), reserve.take(), reserve.take()]).toEqual(['a', 'b', 'new', undefined]);
  });

  it('are not let go after they died', () => {
    const { reserve, gone } = reserveOf(0);
    reserve.put('a');
    reserve.remove('a');
    vi.advanceTimersByTime(2 * SURPLUS_MS);
    expect(gone).toEqual([]);
  });
});
