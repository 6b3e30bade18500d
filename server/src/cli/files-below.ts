import { lstat, readdir, readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { Fault } from '@datacraft/shared';

const MAX_BYTES = 512 * 1024 * 1024;
const leftOut = new Set(['.git', 'node_modules', 'target', 'dbt_packages', '.venv', '__MACOSX']);

/** The files below a folder by their path in it; links and what tools make are left out. */
export async function filesBelow(folder: string): Promise<Map<string, Buffer>> {
  const paths = await pathsBelow(folder);
  const sizes = await Promise.all(paths.map(async (path) => (await lstat(path)).size));
  if (sizes.reduce((sum, size) => sum + size, 0) > MAX_BYTES)
    throw new Fault(
      'too-large',
      `the files below ${folder} are more than 512 MB: import a notebook and add large data to it as files`,
    );
  const files = new Map<string, Buffer>();
  for (const path of paths) files.set(relative(folder, path).split(sep).join('/'), await readFile(path));
  return files;
}

async function pathsBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const paths = await Promise.all(
    entries.map((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return leftOut.has(entry.name) ? [] : pathsBelow(path);
      return entry.isFile() ? [path] : [];
    }),
  );
  return paths.flat().sort();
}
