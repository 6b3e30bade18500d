import { describe, expect, it } from 'vitest';
import { Attempt } from './attempt.svelte.ts';

const failing = (words: string) => () => Promise.reject(new Error(words));

describe('an attempt', () => {
  it('is busy until the last of what runs has ended', async () => {
    const attempt = new Attempt();
    const first = Promise.withResolvers<void>();
    const second = Promise.withResolvers<void>();
    const both = [attempt.try(() => first.promise), attempt.try(() => second.promise)];
    first.resolve();
    await both[0];
    expect(attempt.busy).toBe(true);
    second.resolve();
    await both[1];
    expect(attempt.busy).toBe(false);
  });

  it('tells a failure until something succeeds', async () => {
    const attempt = new Attempt();
    expect(await attempt.try(failing('no line'))).toBe(false);
    expect(attempt.failure).toBe('No line.');
    expect(await attempt.try(() => Promise.resolve())).toBe(true);
    expect(attempt.failure).toBeNull();
  });

  it('keeps a failure when something in the background succeeds, and tells one of the background', async () => {
    const attempt = new Attempt();
    await attempt.try(failing('not sent'));
    await attempt.quietly(() => Promise.resolve());
    expect(attempt.failure).toBe('Not sent.');
    await attempt.quietly(failing('not heard'));
    expect(attempt.failure).toBe('Not heard.');
    await attempt.quietly(() => Promise.resolve());
    expect(attempt.failure).toBeNull();
  });
});
