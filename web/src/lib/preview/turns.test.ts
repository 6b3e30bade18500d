import { describe, expect, it, vi } from 'vitest';

import { Turns } from './turns.ts';

const never = new AbortController().signal;
const settled = async () => {
  for (let i = 0; i < 20; i += 1) await Promise.resolve();
};

describe('Turns', () => {
  it('T1 lets other cells wait for what is typed, one after another', async () => {
    let now = 1_000;
    const turns = new Turns(() => now);
    const order: string[] = [];
    const typed = await turns.take('typed', never);
    const others = ['a', 'b'].map(async (name) => {
      const end = await turns.take('shown', never);
      order.push(name);
      return end;
    });
    await settled();
    expect(order).toEqual([]);
    now += 200;
    typed();
    typed();
    await settled();
    expect(order).toEqual(['a']);
    (await others[0])?.();
    await settled();
    expect(order).toEqual(['a', 'b']);
  });

  it('T3 lets what follows wait while somebody types on, though not for ever', async () => {
    vi.useFakeTimers();
    try {
      const turns = new Turns(() => Date.now());
      const begunAt = Date.now();
      let shownAt = 0;
      const type = async () => (await turns.take('typed', never))();
      await type();
      const shown = turns.take('shown', never).then((end) => {
        shownAt = Date.now();
        end();
      });
      for (let keys = 0; keys < 20; keys += 1) {
        await vi.advanceTimersByTimeAsync(100);
        await type();
      }
      await shown;
      expect(shownAt - begunAt).toBe(1_000);
      await (
        await turns.take('watched', never)
      )();
      expect(Date.now() - begunAt).toBe(2_000);
    } finally {
      vi.useRealTimers();
    }
  });

  it('T2 stops spare work for a keystroke and begins it anew after', async () => {
    const turns = new Turns();
    let begun = 0;
    const work = turns.spare(async (signal) => {
      begun += 1;
      if (begun > 1) return 'done';
      return new Promise<string>((_, reject) => signal.addEventListener('abort', () => reject(new Error('stopped'))));
    }, never);
    await settled();
    const end = await turns.take('typed', never);
    await settled();
    expect(begun).toBe(1);
    end();
    expect(await work).toBe('done');
    expect(begun).toBe(2);
  });

  it('T2 begins no spare work between the keys of somebody who types', async () => {
    vi.useFakeTimers();
    try {
      const turns = new Turns(() => Date.now());
      const type = async () => (await turns.take('typed', never))();
      await type();
      const lastKeyAt = Date.now() + 300;
      const begunAt = turns.spare(() => Promise.resolve(Date.now()), never);
      for (let keys = 0; keys < 3; keys += 1) {
        await vi.advanceTimersByTimeAsync(100);
        await type();
      }
      await vi.advanceTimersByTimeAsync(500);
      expect((await begunAt) - lastKeyAt).toBe(200);
    } finally {
      vi.useRealTimers();
    }
  });

  it('hands on what spare work throws, and ends for an asker who left', async () => {
    const turns = new Turns();
    await expect(turns.spare(() => Promise.reject(new Error('no')), never)).rejects.toThrow('no');
    const left = new AbortController();
    const end = await turns.take('typed', never);
    const waiting = turns.spare(async () => 1, left.signal);
    left.abort(new Error('left'));
    await expect(waiting).rejects.toThrow('left');
    end();
  });
});
