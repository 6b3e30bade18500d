import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { exampleData } from './examples/data.ts';

/** Writes the data of the examples anew, from their seeds: `node scripts/examples.ts`. */
for (const [name, bytes] of exampleData()) {
  const path = resolve(import.meta.dirname, '..', 'examples', name);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, bytes);
  console.log(`${name}: ${bytes.length} bytes`);
}
