import type { StreamStanding } from '@datacraft/engine';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { watchStandings } from './standings.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function watched() {
  const told: (() => void)[] = [];
  const gaps: (() => void)[] = [];
  let reads = 0;
  let answer: () => Promise<readonly StreamStanding[]> = () => Promise.resolve([]);
  const errors: unknown[] = [];
  const standings = watchStandings({
    read: () => ((reads += 1), answer()),
    bus: {
      subscribe: (_topic, listener) => (told.push(listener as () => void), () => {}),
      onGap: (listener) => (gaps.push(listener), () => {}),
    },
    onError: (error) => errors.push(error),
  });
  return {
    standings,
    errors,
    reads: () => reads,
    say: () => told.forEach((listener) => listener()),
    gap: () => gaps.forEach((listener) => listener()),
    answerWith: (next: typeof answer) => void (answer = next),
  };
}

describe('what streams do', () => {
  it('is asked once for all who hear of it at once, and again when a stream says something else', async () => {
    const watch = watched();
    const heard = [vi.fn(), vi.fn(), vi.fn()];
    heard.forEach((hear) => watch.standings.subscribe(hear));
    await vi.advanceTimersByTimeAsync(0);
    const first = watch.reads();
    expect(first).toBeLessThanOrEqual(2);
    heard.forEach((hear) => expect(hear).toHaveBeenCalled());
    watch.say();
    await vi.advanceTimersByTimeAsync(0);
    expect(watch.reads()).toBe(first + 1);
  });

  it('is asked each few seconds while anybody hears of it, and not when nobody does', async () => {
    const watch = watched();
    watch.say();
    watch.gap();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(watch.reads()).toBe(0);
    const stop = watch.standings.subscribe(() => {});
    await vi.advanceTimersByTimeAsync(10_000);
    expect(watch.reads()).toBe(3);
    stop();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(watch.reads()).toBe(3);
  });

  it('is asked again after a question that failed', async () => {
    const watch = watched();
    watch.answerWith(() => Promise.reject(new Error('the database is away')));
    const heard = vi.fn();
    watch.standings.subscribe(heard);
    await vi.advanceTimersByTimeAsync(0);
    expect([watch.errors.length, heard.mock.calls.length]).toEqual([1, 0]);
    watch.answerWith(() => Promise.resolve([]));
    await vi.advanceTimersByTimeAsync(5_000);
    expect(heard).toHaveBeenCalledOnce();
  });
});
