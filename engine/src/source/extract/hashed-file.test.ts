import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openHashedFile } from './hashed-file.ts';

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'datacraft-hashed-'));
});
afterAll(() => rm(dir, { recursive: true, force: true }));

describe('a file in parts', () => {
  it('has what was put between two cuts in each, the hash of them all, and all in the first once they are joined', async () => {
    const put = fc.oneof({ weight: 4, arbitrary: fc.uint8Array({ maxLength: 60_000 }) }, fc.constant('cut' as const));
    let name = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(put, { maxLength: 12 }), async (steps) => {
        const path = join(dir, String(name++));
        const file = openHashedFile(path, 16_384);
        const expected: Buffer[] = [Buffer.alloc(0)];
        const parts: ReturnType<typeof file.cut>[] = [];
        for (const step of steps) {
          if (step === 'cut') {
            parts.push(file.cut());
            expected.push(Buffer.alloc(0));
            continue;
          }
          // Whoever puts need not wait before a cut.
          void file.put(Buffer.from(step));
          expected.push(Buffer.concat([expected.pop() ?? Buffer.alloc(0), step]));
        }
        const whole = Buffer.concat(expected);
        const { sizeBytes, sha256 } = await file.close('x');
        expect({ sizeBytes, sha256 }).toEqual({
          sizeBytes: whole.length,
          sha256: createHash('sha256').update(whole).digest('hex'),
        });
        for (const [at, part] of (await Promise.all(parts)).entries()) {
          expect(part.sizeBytes).toBe(expected[at]?.length);
          expect((await readFile(part.path)).equals(expected[at] ?? Buffer.alloc(0))).toBe(true);
        }
        await file.join();
        await file.join();
        expect((await readFile(path)).equals(whole)).toBe(true);
        await file.remove();
      }),
      { numRuns: 60 },
    );
    expect(await readdir(dir)).toEqual([]);
  });

  it('does not keep who waits for room waiting when it is cut', async () => {
    const file = openHashedFile(join(dir, 'full'), 1_024);
    const room = file.put(Buffer.alloc(8 * 1024 ** 2));
    const part = file.cut();
    await room;
    expect((await part).sizeBytes).toBe(8 * 1024 ** 2);
    await file.close('x');
    await file.remove();
  });

  it('says at the close that a part of it could not be written', async () => {
    const file = openHashedFile(join(dir, 'nowhere', 'x'), 1_024);
    const part = file.cut();
    await expect(part).rejects.toThrow('ENOENT');
    await expect(file.close('x')).rejects.toThrow('ENOENT');
  });
});
