import { join } from 'node:path';
import { cacheOnce, cachePath, command } from './cache.ts';
import type { Tool } from './service.ts';

/** A virtual environment of its own; made where it stays, for its programs name their place. */
export async function pythonEnv(name: string, requirements: readonly string[]): Promise<string> {
  await cacheOnce(`${name}.made`, async () => {
    const target = cachePath(name);
    await command('python3', ['-m', 'venv', '--clear', target]);
    await command(join(target, 'bin', 'pip'), ['install', '-q', '--disable-pip-version-check', ...requirements]);
  });
  return join(cachePath(name), 'bin');
}

/** An oracle in Python; it exports `<NAME>_BIN`, the folder of its programs. */
export function pythonTool(name: string, version: string, requirements: readonly string[]): Tool {
  const cached = `${name}-${version}`;
  return {
    kind: 'tool',
    name,
    version,
    install: async () => void (await pythonEnv(cached, requirements)),
    exports: () => ({ [`${name.toUpperCase()}_BIN`]: join(cachePath(cached), 'bin') }),
  };
}
