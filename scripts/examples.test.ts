import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { exampleData } from './examples/data.ts';

describe('data of the examples', () => {
  it('is what their seeds make', async () => {
    for (const [name, bytes] of exampleData()) {
      const committed = await readFile(resolve(import.meta.dirname, '..', 'examples', name));
      expect([name, committed.equals(bytes)]).toEqual([name, true]);
    }
  });
});
