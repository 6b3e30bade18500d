import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { lookAgain } from './look-again.ts';

const EVERY_MS = 1_000;
const page = Object.assign(new EventTarget(), { hidden: false });
const show = (isShown: boolean) => {
  page.hidden = !isShown;
  page.dispatchEvent(new Event('visibilitychange'));
};

describe('what a page asks again and again', () => {
  beforeEach(() => {
    vi.useFakeTimers();
    vi.stubGlobal('document', page);
    page.hidden = false;
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  it('is asked at once, and then each so often until it is stopped', async () => {
    const work = vi.fn(async () => {});
    const stop = lookAgain(work, EVERY_MS);
    expect(work).toHaveBeenCalledTimes(1);
    await vi.advanceTimersByTimeAsync(3 * EVERY_MS);
    expect(work).toHaveBeenCalledTimes(4);
    stop();
    await vi.advanceTimersByTimeAsync(3 * EVERY_MS);
    expect(work).toHaveBeenCalledTimes(4);
  });

  it('is not asked again before a slow server has answered', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const work = vi.fn(() => promise);
    const stop = lookAgain(work, EVERY_MS);
    await vi.advanceTimersByTimeAsync(5 * EVERY_MS);
    expect(work).toHaveBeenCalledTimes(1);
    resolve();
    await vi.advanceTimersByTimeAsync(EVERY_MS);
    expect(work).toHaveBeenCalledTimes(2);
    stop();
  });

  it('waits while nobody sees the page, and is asked at once when somebody does', async () => {
    const work = vi.fn(async () => {});
    const stop = lookAgain(work, EVERY_MS);
    await vi.advanceTimersByTimeAsync(EVERY_MS / 2);
    show(false);
    await vi.advanceTimersByTimeAsync(5 * EVERY_MS);
    expect(work).toHaveBeenCalledTimes(2); // that of its time, after which it saw that nobody looks
    show(true);
    expect(work).toHaveBeenCalledTimes(3);
    stop();
    show(true);
    expect(work).toHaveBeenCalledTimes(3);
  });
});
