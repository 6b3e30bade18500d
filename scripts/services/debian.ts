import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheOnce, cachePath, command } from './cache.ts';

/** Debian packages unpacked into the cache: nothing is installed, no service of the system is started. */
export function debianPackages(name: string, packages: readonly string[]): Promise<string> {
  return cacheOnce(name, async (partial) => {
    const downloads = join(partial, 'debs');
    await command('mkdir', [downloads]);
    await download(packages, downloads);
    for (const file of await readdir(downloads)) await command('dpkg-deb', ['-x', join(downloads, file), partial]);
    await command('rm', ['-r', downloads]);
  });
}

/** The lists of a fresh machine are empty or old; then they are read anew, once. */
async function download(packages: readonly string[], cwd: string): Promise<void> {
  const get = () => command('apt-get', ['download', '-qq', ...packages], { cwd });
  await get().catch(async () => {
    await command('apt-get', ['update', '-qq']);
    await get();
  });
}

/** Programs of unpacked packages find their libraries beside them. */
export function debianEnv(name: string): Record<string, string> {
  const triplet = process.arch === 'arm64' ? 'aarch64-linux-gnu' : 'x86_64-linux-gnu';
  const root = cachePath(name);
  const folders = [join(root, 'usr', 'lib', triplet), join(root, 'lib', triplet)];
  return { LD_LIBRARY_PATH: folders.join(':') };
}
