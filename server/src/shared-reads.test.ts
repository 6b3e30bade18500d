import { describe, expect, it } from 'vitest';
import { SharedReads } from './shared-reads.ts';

function pending() {
  const reads: { settle: (value: number) => void; fail: (error: Error) => void }[] = [];
  const load = () => new Promise<number>((settle, fail) => reads.push({ settle, fail }));
  return { reads, load };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('shared reads', () => {
  it('those who ask during a read share the next, which begins after it', async () => {
    const shared = new SharedReads<number>();
    const { reads, load } = pending();
    const first = shared.read('a', load);
    const second = shared.read('a', load);
    const third = shared.read('a', load);
    expect(reads).toHaveLength(1);
    reads[0]?.settle(1);
    expect(await first).toBe(1);
    await settled();
    expect(reads).toHaveLength(2);
    const fourth = shared.read('a', load);
    reads[1]?.settle(2);
    expect(await Promise.all([second, third])).toEqual([2, 2]);
    await settled();
    reads[2]?.settle(3);
    expect(await fourth).toBe(3);
  });

  it('keys do not wait for each other, and one that ended leaves nothing behind', async () => {
    const shared = new SharedReads<number>();
    const { reads, load } = pending();
    const [a, b] = [shared.read('a', load), shared.read('b', load)];
    reads[1]?.settle(2);
    expect(await b).toBe(2);
    reads[0]?.settle(1);
    expect(await a).toBe(1);
    const again = shared.read('a', load);
    expect(reads).toHaveLength(3);
    reads[2]?.settle(3);
    expect(await again).toBe(3);
  });

  it('a read that fails fails those who share it, and not those after', async () => {
    const shared = new SharedReads<number>();
    const { reads, load } = pending();
    const first = shared.read('a', load);
    const second = shared.read('a', load);
    reads[0]?.fail(new Error('gone'));
    await expect(first).rejects.toThrow('gone');
    await settled();
    reads[1]?.settle(5);
    expect(await second).toBe(5);
  });
});
