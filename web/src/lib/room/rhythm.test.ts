import { describe, expect, it } from 'vitest';
import { Rhythm } from './rhythm.ts';

const made = () => {
  const frames: (() => void)[] = [];
  const timers: { at: number; work: () => void }[] = [];
  const clock = {
    at: 1_000,
    now: () => clock.at,
    afterFrame: (work: () => void) => void frames.push(work),
    after(ms: number, work: () => void) {
      const timer = { at: clock.at + ms, work };
      timers.push(timer);
      return () => void timers.splice(timers.indexOf(timer), 1);
    },
  };
  return { clock, frames, timers, rhythm: new Rhythm(clock) };
};

describe('the rhythm of somebody who types', () => {
  it('is no rhythm before the second key, and long after the last', () => {
    const { clock, rhythm } = made();
    expect([rhythm.isTyping, rhythm.better(1_000)]).toEqual([false, 1_000]);
    rhythm.key();
    expect([rhythm.isTyping, rhythm.better(1_100)]).toEqual([true, 1_100]);
    clock.at += 600;
    expect(rhythm.isTyping).toBe(false);
    rhythm.key();
    expect(rhythm.better(2_195)).toBe(2_195);
  });

  it('H1 leaves the time about the next key free, and no more than that', () => {
    const { clock, rhythm } = made();
    rhythm.key();
    clock.at += 140;
    rhythm.key();
    expect([1_259, 1_261, 1_280, 1_299, 1_300].map((at) => rhythm.better(at))).toEqual([
      1_259, 1_300, 1_300, 1_300, 1_300,
    ]);
    for (const apart of [1, 5, 17, 60, 499]) {
      clock.at += apart;
      rhythm.key();
      for (let at = clock.at; at < clock.at + 600; at += 1) expect(rhythm.better(at) - at).toBeLessThan(41);
    }
  });

  it('tells when what a key made is drawn, until nobody listens', () => {
    const { frames, rhythm } = made();
    let told = 0;
    const stop = rhythm.afterKeys(() => (told += 1));
    rhythm.key();
    expect(told).toBe(0);
    for (const frame of frames.splice(0)) frame();
    expect(told).toBe(1);
    stop();
    rhythm.key();
    for (const frame of frames.splice(0)) frame();
    expect(told).toBe(1);
  });

  it('H2 lets what may wait come after the next key, in order, and at last without one', () => {
    const { clock, frames, timers, rhythm } = made();
    const done: number[] = [];
    rhythm.whenFree(() => done.push(1));
    expect(done).toEqual([1]);
    rhythm.key();
    frames.length = 0;
    for (const each of [2, 3]) rhythm.whenFree(() => done.push(each));
    expect([done, timers.map(({ at }) => at)]).toEqual([[1], [1_150]]);
    rhythm.key();
    for (const frame of frames.splice(0)) frame();
    expect([done, timers]).toEqual([[1, 2, 3], []]);
    rhythm.whenFree(() => done.push(4));
    clock.at += 600;
    rhythm.whenFree(() => done.push(5));
    expect(done).toEqual([1, 2, 3]);
    timers[0]?.work();
    expect(done).toEqual([1, 2, 3, 4, 5]);
    rhythm.key();
    rhythm.whenFree(() => done.push(6));
    rhythm.stop();
    expect([done, timers]).toEqual([[1, 2, 3, 4, 5], []]);
  });
});
