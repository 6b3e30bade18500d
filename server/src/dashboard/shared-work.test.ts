import { describe, expect, it } from 'vitest';
import { createSharedWork } from './shared-work.ts';

let now = 0;
const work = (maxBytes = 1_000, concurrency = 2, maxWaiting = 100) =>
  createSharedWork<string>({
    maxBytes,
    concurrency,
    maxWaiting,
    bytesOf: (answer) => answer.length,
    lifeMsOf: (answer) => (answer === 'failed' ? 10 : Infinity),
    now: () => now,
    busy: () => 'busy',
  });

describe('work shared by many', () => {
  it('is done once for all who ask at the same time and after', async () => {
    const shared = work();
    const ask = () => shared.get('key', 'page', () => Promise.resolve('answer'));
    expect(new Set(await Promise.all(Array.from({ length: 500 }, ask)))).toEqual(new Set(['answer']));
    expect(await ask()).toBe('answer');
    expect(shared.computed).toBe(1);
  });

  it('forgets what was used longest ago when it is full', async () => {
    const shared = work(10);
    for (const key of ['a', 'b', 'a', 'c']) await shared.get(key, key, () => Promise.resolve('12345'));
    expect(shared.computed).toBe(3);
    await shared.get('a', 'page', () => Promise.resolve('12345'));
    expect(shared.computed).toBe(3);
    await shared.get('b', 'page', () => Promise.resolve('12345'));
    expect(shared.computed).toBe(4);
  });

  it('tries a failure again after a while, not before', async () => {
    const shared = work();
    const ask = () => shared.get('key', 'page', () => Promise.resolve('failed'));
    await ask();
    await ask();
    expect(shared.computed).toBe(1);
    now += 11;
    await ask();
    expect(shared.computed).toBe(2);
  });

  it('does no more at once than it may, and turns away beyond its queue', async () => {
    const shared = work(1_000, 2, 1);
    let active = 0;
    let most = 0;
    const release: (() => void)[] = [];
    const slow = async () => {
      active += 1;
      most = Math.max(most, active);
      await new Promise<void>((resolve) => release.push(resolve));
      active -= 1;
      return 'done';
    };
    const asked = ['a', 'b', 'c', 'd'].map((key) => shared.get(key, key, slow));
    expect(await asked[3]).toBe('busy');
    while (release.length < 2) await Promise.resolve();
    for (let turn = 0; turn < 3; turn += 1) {
      while (release.length <= turn) await new Promise((resolve) => setImmediate(resolve));
      release[turn]?.();
    }
    expect(await Promise.all(asked)).toEqual(['done', 'done', 'done', 'busy']);
    expect(most).toBe(2);
  });

  it('computes together what is asked together, and only what nobody has', async () => {
    const shared = work();
    await shared.get('b', 'page', () => Promise.resolve('kept'));
    const asked: (readonly number[])[] = [];
    const answers = await shared.getMany(['a', 'b', 'c'], 'page', async (places, tell) => {
      asked.push(places);
      for (const place of places) tell(place, `new ${place}`);
    });
    expect(answers).toEqual(['new 0', 'kept', 'new 2']);
    expect(asked).toEqual([[0, 2]]);
  });

  it('fails what was not answered, and tries it again when asked again', async () => {
    const shared = work();
    const silent = shared.getMany(['a', 'b'], 'page', async (_, tell) => tell(0, 'answer'));
    await expect(silent).rejects.toThrow('no answer');
    expect(await shared.get('b', 'page', () => Promise.resolve('second try'))).toBe('second try');
  });
});
