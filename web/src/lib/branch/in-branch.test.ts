import { describe, expect, it } from 'vitest';
import { inBranch } from './in-branch.ts';

describe('a path in a branch', () => {
  it('asks for it after what else is asked for, and is left alone on main', () => {
    expect(inBranch('/tables', '')).toBe('/tables');
    expect(inBranch('/tables', 'brn_1')).toBe('/tables?branch=brn_1');
    expect(inBranch('/lineage?table=gold.a', 'Try & see')).toBe('/lineage?table=gold.a&branch=Try%20%26%20see');
  });
});
