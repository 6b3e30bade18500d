import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Binaries } from './binaries.ts';
import { explainFailure } from './explain.ts';
import type { Place } from './place.ts';
import { bareEnvironment } from './postmaster.ts';

/** Makes the cluster if there is none. It appears whole, by one rename; of two racing processes one wins. */
export async function initialise(place: Place, binaries: Binaries): Promise<void> {
  if (existsSync(path.join(place.data, 'PG_VERSION'))) return;
  await removeLeftovers(place);
  const partial = `${place.home}.new-${process.pid}-${randomBytes(4).toString('hex')}`;
  await mkdir(partial, { mode: 0o700 });
  try {
    await place.account.own(partial);
    await writeSecret(place, path.join(partial, 'secret'));
    await runInitdb(place, binaries, partial);
    await rename(partial, place.home);
  } catch (error) {
    if (!existsSync(path.join(place.data, 'PG_VERSION'))) throw error;
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
}

async function writeSecret(place: Place, file: string): Promise<void> {
  await writeFile(file, randomBytes(24).toString('base64url'), { mode: 0o600 });
  await chmod(file, 0o600);
  await place.account.own(file);
}

/** Directories of processes that died while initialising; a living process keeps its own. */
async function removeLeftovers(place: Place): Promise<void> {
  const prefix = `${path.basename(place.home)}.new-`;
  for (const name of await readdir(path.dirname(place.home))) {
    const pid = Number(name.startsWith(prefix) ? name.slice(prefix.length).split('-')[0] : NaN);
    if (pid > 0 && !isAlive(pid)) await rm(path.join(path.dirname(place.home), name), { recursive: true, force: true });
  }
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

function runInitdb(place: Place, binaries: Binaries, partial: string): Promise<void> {
  const options = ['-D', path.join(partial, 'data'), '-U', 'datacraft', `--pwfile=${path.join(partial, 'secret')}`];
  const fixed = ['--auth=scram-sha-256', '--encoding=UTF8', '--locale=C', '--data-checksums', '--no-instructions'];
  return new Promise((resolve, reject) => {
    const child = spawn(binaries.initdb, [...options, ...fixed], {
      cwd: partial,
      env: bareEnvironment(),
      stdio: ['ignore', 'pipe', 'pipe'],
      ...place.account.ids,
    });
    let said = '';
    child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
    child.on('error', (error) => reject(explainFailure(error.message, place)));
    child.on('close', (code) => (code === 0 ? resolve() : reject(explainFailure(said, place))));
  });
}
