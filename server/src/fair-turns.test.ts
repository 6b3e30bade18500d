import { describe, expect, it } from 'vitest';
import { createFairTurns } from './fair-turns.ts';

const settled = () => new Promise<void>((resolve) => setImmediate(resolve));

describe('fair turns', () => {
  it('gives one owner no more than its share, and lets others pass', async () => {
    const turns = createFairTurns({ total: 3, perOwner: 2 });
    const entered: string[] = [];
    const take = (owner: string, name: string) => void turns.take(owner).then(() => entered.push(name));
    for (const name of ['a1', 'a2', 'a3', 'a4']) take('a', name);
    take('b', 'b1');
    await settled();
    expect(entered).toEqual(['a1', 'a2', 'b1']);
    turns.free('b');
    await settled();
    expect(entered).toEqual(['a1', 'a2', 'b1']);
    turns.free('a');
    await settled();
    expect(entered.at(-1)).toBe('a3');
    expect(turns.waiting).toBe(1);
  });

  it('serves those who wait in their order', async () => {
    const turns = createFairTurns({ total: 1, perOwner: 1 });
    const entered: string[] = [];
    for (const owner of ['a', 'b', 'c']) void turns.take(owner).then(() => entered.push(owner));
    for (const owner of ['a', 'b']) {
      await settled();
      turns.free(owner);
    }
    await settled();
    expect(entered).toEqual(['a', 'b', 'c']);
  });

  it('turns an owner away whose queue is full, and nobody else', async () => {
    const turns = createFairTurns({ total: 1, perOwner: 1, waitingPerOwner: 1 });
    await turns.take('a');
    void turns.take('a');
    await expect(turns.take('a')).rejects.toMatchObject({ code: 'rate-limited' });
    void turns.take('b');
    expect(turns.waiting).toBe(2);
  });
});
