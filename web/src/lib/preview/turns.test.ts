import { describe, expect, it } from 'vitest';

import { Turns } from './turns.ts';

const never = new AbortController().signal;
const settled = async () => {
  for (let i = 0; i < 20; i += 1) await Promise.resolve();
};

describe('Turns', () => {
  it('T1 lets other cells wait for what is typed, one after another', async () => {
    const turns = new Turns();
    const order: string[] = [];
    const typed = await turns.take('typed', never);
    const others = ['a', 'b'].map(async (name) => {
      const end = await turns.take('shown', never);
      order.push(name);
      return end;
    });
    await settled();
    expect(order).toEqual([]);
    typed();
    typed();
    await settled();
    expect(order).toEqual(['a']);
    (await others[0])?.();
    await settled();
    expect(order).toEqual(['a', 'b']);
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
