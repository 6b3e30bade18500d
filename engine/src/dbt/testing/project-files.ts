import { readFile, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** The files below a folder by their path in it. */
export async function filesBelow(folder: string): Promise<Map<string, Buffer>> {
  const files = new Map<string, Buffer>();
  for (const path of (await readdir(folder, { recursive: true })).sort())
    if ((await stat(join(folder, path))).isFile()) files.set(path, await readFile(join(folder, path)));
  return files;
}

export const textsOf = (files: ReadonlyMap<string, Buffer>): Map<string, string> =>
  new Map([...files].map(([path, bytes]) => [path, bytes.toString('utf8')]));
