import { expect, it } from 'vitest';
import type { PartedFile } from './hashed-file.ts';
import type { LinePart } from './lines.ts';
import { createLines } from './lines.ts';

/** Takes what it is given, and makes whoever gave it wait for `room`. */
function slowFile(room: Promise<void>): { readonly file: PartedFile; readonly texts: string[] } {
  const texts: string[] = [];
  const file: PartedFile = {
    sizeBytes: 0,
    put: (bytes) => {
      texts.push(bytes.toString());
      return room;
    },
    knownBy: (what) => void texts.push(`known by ${what}`),
    opened: () => Promise.resolve(),
    cut: () => Promise.reject(new Error('nobody cuts it here')),
    join: () => Promise.resolve(),
    close: () => Promise.reject(new Error('nobody closes it here')),
    abandon: () => undefined,
    remove: () => Promise.resolve(),
  };
  return { file, texts };
}

const refused: LinePart = { mostBytes: 2 * 1024 ** 2, write: () => -1 };
const end: LinePart = { mostBytes: 1, write: (chunk, at) => at + chunk.write('}', at) };

it('a line that could not be made leaves what it had to wait for to the next, also where that fails', async () => {
  const { file, texts } = slowFile(Promise.reject(new Error('the disk is full')));
  const lines = createLines(file);
  expect(lines.put('{"a":1}')).toBeNull();
  expect(lines.putMade(refused, end)).toBe(false);
  await new Promise((resolve) => setImmediate(resolve)); // nobody hears of it meanwhile
  await expect(lines.put('{"a":2}')).rejects.toThrow('the disk is full');
  expect(texts).toEqual(['{"a":1}\n']);
});

it('lines from before something is known by are written before it', async () => {
  const { file, texts } = slowFile(Promise.resolve());
  const lines = createLines(file);
  expect(lines.put('{"a":1}')).toBeNull();
  lines.knownBy('offsets 0 to 9');
  expect(texts).toEqual(['{"a":1}\n', 'known by offsets 0 to 9']);
  await lines.put('{"a":2}');
  expect(lines.longestBytes).toBe(7);
});
