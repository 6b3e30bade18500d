import { describe, expect, it } from 'vitest';
import { inTurn } from './turns.ts';

describe('streams that write one table', () => {
  it('take turns, also after one that failed, while others go on', async () => {
    const told: string[] = [];
    let release = () => {};
    const held = new Promise<void>((wake) => (release = wake));
    const first = inTurn('a', async () => {
      await held;
      told.push('first');
      throw new Error('broke');
    });
    const second = inTurn('a', () => Promise.resolve(told.push('second')));
    await inTurn('b', () => Promise.resolve(told.push('beside')));
    await inTurn(null, () => Promise.resolve(told.push('alone')));
    release();
    await expect(first).rejects.toThrow('broke');
    await second;
    expect(told).toEqual(['beside', 'alone', 'first', 'second']);
  });
});
