/**
 * `npm start`: builds the web app when its sources changed since the last build, then starts everything.
 * The stamp is a hash of what the build reads, so a second start goes straight to the server.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { compressClient } from './compress.ts';

const root = join(import.meta.dirname, '..');
const stampFile = join(root, 'web', 'build', '.stamp');
const inputs = [
  'web/src',
  'web/static',
  'web/vite.config.ts',
  'web/package.json',
  'shared/src',
  'engine/src',
  'package-lock.json',
  'scripts/start.ts',
  'scripts/compress.ts',
];

function filesUnder(path: string): string[] {
  const absolute = join(root, path);
  if (!existsSync(absolute)) return [];
  const entries = readdirSync(absolute, { withFileTypes: true, recursive: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

function sourceStamp(): string {
  const hash = createHash('sha256');
  for (const input of inputs) {
    const isFile = /\.\w+$/.test(input);
    const files = isFile ? [join(root, input)] : filesUnder(input);
    for (const file of files.filter((name) => !name.endsWith('.test.ts')).sort())
      hash.update(file.slice(root.length)).update(readFileSync(file));
  }
  return hash.digest('hex');
}

function run(command: string, args: readonly string[], cwd: string): Promise<number> {
  return new Promise((resolve) => {
    // Whoever builds, a test too: else Vite takes the libraries as made for development, which are far slower.
    const env = { ...process.env, NODE_ENV: 'production' };
    const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'ignore', 'inherit'] });
    child.on('error', () => resolve(1));
    child.on('exit', (code) => resolve(code ?? 1));
  });
}

async function buildWeb(): Promise<void> {
  const stamp = sourceStamp();
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp) return;
  const startedAt = performance.now();
  console.log('Building the web app …');
  const vite = join(root, 'node_modules', 'vite', 'bin', 'vite.js');
  const code = await run(process.execPath, [vite, 'build', '--logLevel', 'warn'], join(root, 'web'));
  if (code !== 0) {
    console.error(
      'The web app could not be built; the lines above say why. Mend it, or run "npm run build" to see more.',
    );
    process.exit(1);
  }
  compressClient(join(root, 'web', 'build', 'client'));
  writeFileSync(stampFile, stamp);
  console.log(`Built the web app in ${((performance.now() - startedAt) / 1000).toFixed(1)} s.`);
}

await buildWeb();
if (!process.argv.includes('--build-only')) {
  const { main } = await import('../server/src/cli/main.ts');
  process.exit(await main(['start', ...process.argv.slice(2)]));
}
