import { describe, expect, it } from 'vitest';
import { Remembered } from './remembered.ts';

describe('what is remembered', () => {
  it('is read once within its time, and again after it', async () => {
    let [now, reads] = [0, 0];
    const remembered = new Remembered<number>(1000, () => now);
    const read = () => remembered.read('a', () => Promise.resolve((reads += 1)));
    expect([await read(), await read()]).toEqual([1, 1]);
    now = 999;
    expect(await read()).toBe(1);
    now = 1000;
    expect(await read()).toBe(2);
    expect(await remembered.read('b', () => Promise.resolve(7))).toBe(7);
  });

  it('is gone once it is forgotten, also what was being read then', async () => {
    const remembered = new Remembered<string>(1000, () => 0);
    let answer = (_: string): void => undefined;
    const slow = remembered.read('a', () => new Promise((resolve) => (answer = resolve)));
    remembered.forget();
    answer('before');
    expect(await slow).toBe('before');
    expect(await remembered.read('a', () => Promise.resolve('after'))).toBe('after');
    remembered.forget();
    expect(await remembered.read('a', () => Promise.resolve('later'))).toBe('later');
  });

  it('holds no failure', async () => {
    const remembered = new Remembered<string>(1000, () => 0);
    await expect(remembered.read('a', () => Promise.reject(new Error('away')))).rejects.toThrow('away');
    expect(await remembered.read('a', () => Promise.resolve('back'))).toBe('back');
  });
});
