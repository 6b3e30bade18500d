import { describe, expect, it } from 'vitest';
import { matchingTopics } from './pattern.ts';

describe('a pattern of topics', () => {
  it('matches whole names, and nothing that brokers keep for themselves', () => {
    const names = ['orders.us', 'orders.eu', 'reorders.eu', 'orders', '__orders.eu'];
    expect(matchingTopics('orders\\..*', names)).toEqual(['orders.eu', 'orders.us']);
    expect(matchingTopics('orders|reorders\\.eu', names)).toEqual(['orders', 'reorders.eu']);
    expect(matchingTopics('.*', names)).not.toContain('__orders.eu');
  });

  it('is given up when it goes over the same letters again and again', () => {
    expect(() => matchingTopics(`${'.*'.repeat(12)}x`, ['a'.repeat(240)])).toThrow('cannot be matched with 1 topics');
  });
});
