import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createPresenceNews } from './presence-news.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('news of presence goes out at once in a quiet room, and together while many move', () => {
  const sent: unknown[] = [];
  const news = createPresenceNews<string>((ids, except) => sent.push([ids, except]));
  news.tell([1], 'Ana');
  expect(sent.splice(0)).toEqual([[[1], 'Ana']]);
  news.tell([1], 'Ana');
  news.tell([2], 'Bo');
  news.tell([1], 'Ana');
  expect(sent).toEqual([]);
  vi.runOnlyPendingTimers();
  expect(sent.splice(0)).toEqual([[[1, 2], null]]);
  news.tell([2], 'Bo');
  vi.runOnlyPendingTimers();
  expect(sent.splice(0)).toEqual([[[2], 'Bo']]);
  vi.runOnlyPendingTimers();
  news.tell([3], null);
  expect(sent.splice(0)).toEqual([[[3], null]]);
  news.stop();
});
