import { describe, expect, it } from 'vitest';
import { rootOf } from './cause.ts';

const reads = (edges: Record<string, string[]>) =>
  new Map(Object.entries(edges).map(([owner, from]) => [owner, new Set(from)]));

describe('the root of a failure', () => {
  it('is the furthest failed one upstream, over those that did not fail', () => {
    const lineage = {
      failed: new Set(['raw', 'report']),
      reads: reads({ report: ['star'], star: ['clean'], clean: ['raw'] }),
    };
    expect(rootOf('report', lineage)).toBe('raw');
    expect(rootOf('clean', lineage)).toBe('raw');
    expect(rootOf('raw', lineage)).toBe('raw');
  });

  it('is nobody where nothing failed, and ends on notebooks that read each other', () => {
    expect(rootOf('a', { failed: new Set(['z']), reads: reads({ a: ['b'], b: ['a'] }) })).toBeNull();
    expect(rootOf('a', { failed: new Set(['b']), reads: reads({ a: ['b'], b: ['a'] }) })).toBe('b');
  });
});
