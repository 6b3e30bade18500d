import { describe, expect, it } from 'vitest';
import { WriteBehind } from './write-behind.ts';

describe('WriteBehind', () => {
  it('writes one after another, in order', async () => {
    const writes = new WriteBehind();
    const seen: string[] = [];
    for (const name of ['a', 'b', 'c']) {
      writes.add(async () => {
        seen.push(`${name} begins`);
        await Promise.resolve();
        seen.push(`${name} ends`);
      });
    }
    await writes.settled();
    expect(seen).toEqual(['a begins', 'a ends', 'b begins', 'b ends', 'c begins', 'c ends']);
  });

  it('waits also for what is added meanwhile', async () => {
    const writes = new WriteBehind();
    const seen: string[] = [];
    writes.add(async () => {
      await Promise.resolve();
      writes.add(async () => void seen.push('later'));
    });
    await writes.settled();
    expect(seen).toEqual(['later']);
  });

  it('tells the first failure to whoever waits or adds, and writes nothing after it', async () => {
    const writes = new WriteBehind();
    const seen: string[] = [];
    writes.add(() => Promise.reject(new Error('gone')));
    writes.add(async () => void seen.push('after'));
    await expect(writes.settled()).rejects.toThrow('gone');
    expect(() => writes.add(async () => void seen.push('late'))).toThrow('gone');
    expect(seen).toEqual([]);
  });
});
