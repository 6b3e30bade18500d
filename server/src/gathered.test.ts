import { describe, expect, it } from 'vitest';
import { Gathered } from './gathered.ts';

function gathering(most: number) {
  const calls: (readonly number[])[] = [];
  const ends: ((error?: Error) => void)[] = [];
  const work = (items: readonly number[]) => {
    calls.push(items);
    return new Promise<number>((resolve, reject) =>
      ends.push((error) => (error ? reject(error) : resolve(items.length))),
    );
  };
  return { calls, ends, gathered: new Gathered(work, most) };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('work gathered for many', () => {
  it('who comes alone is served alone, who comes meanwhile together, in order', async () => {
    const { calls, ends, gathered } = gathering(10);
    const first = gathered.add([1]);
    const [second, third] = [gathered.add([2, 3]), gathered.add([4])];
    expect(calls).toEqual([[1]]);
    ends[0]?.();
    expect(await first).toBe(1);
    await turn();
    expect(calls).toEqual([[1], [2, 3, 4]]);
    ends[1]?.();
    expect(await Promise.all([second, third])).toEqual([3, 3]);
    await gathered.idle();
    const fourth = gathered.add([5]);
    ends[2]?.();
    expect(await fourth).toBe(1);
  });

  it('no call takes more than it may, but somebody who brings more is served whole', async () => {
    const { calls, ends, gathered } = gathering(2);
    const all = [gathered.add([0]), gathered.add([1]), gathered.add([2]), gathered.add([3, 4, 5])];
    for (let at = 0; at < 3; at += 1) {
      ends[at]?.();
      await turn();
    }
    expect(calls).toEqual([[0], [1, 2], [3, 4, 5]]);
    expect(await Promise.all(all)).toEqual([1, 2, 2, 3]);
  });

  it('a call that fails fails those it took, and the next goes on', async () => {
    const { ends, gathered } = gathering(10);
    const first = gathered.add([1]);
    const second = gathered.add([2]);
    ends[0]?.(new Error('gone'));
    await expect(first).rejects.toThrow('gone');
    await turn();
    ends[1]?.();
    expect(await second).toBe(1);
  });
});
