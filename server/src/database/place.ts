import { createHash, randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, link, mkdir, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Account } from './account.ts';
import { chooseAccount } from './account.ts';

/**
 * Where an embedded cluster lives:
 *
 *   <home>/data      PostgreSQL's data directory     <home>/secret   its password, 0600
 *   <home>/port      the port it listens on          <home>/log      what it says
 *
 * `home` is `<dataDir>/pg`, or a private directory when the account cannot traverse to the data directory.
 */
export interface Place {
  readonly home: string;
  readonly data: string;
  readonly secret: string;
  readonly port: string;
  readonly log: string;
  readonly account: Account;
  /** For copies of programs that the account cannot reach where they are. */
  readonly privateRoot: string;
}

const PRIVATE_ROOT = '/var/lib/datacraft';

export async function choosePlace(dataDir: string, privateRoot: string = PRIVATE_ROOT): Promise<Place> {
  await makeDataDir(dataDir);
  const real = await realpath(dataDir);
  const pointer = path.join(real, 'pg.location');
  const inside = path.join(real, 'pg');
  const known = existsSync(pointer) ? (await readFile(pointer, 'utf8')).trim() : inside;
  const existing = existsSync(path.join(known, 'data')) ? path.join(known, 'data') : null;
  const account = await chooseAccount(existing);
  if (existing && account.canReach(known)) return placeAt(known, account, privateRoot);
  if (known === inside && account.canReach(real)) return placeAt(inside, account, privateRoot);
  if (known !== inside) return placeAt(known, account, privateRoot);
  await mkdir(privateRoot, { recursive: true, mode: 0o755 });
  await chmod(privateRoot, 0o755);
  const name = `${createHash('sha256').update(real).digest('hex').slice(0, 16)}-${randomBytes(4).toString('hex')}`;
  return placeAt(await pointTo(pointer, path.join(privateRoot, name)), account, privateRoot);
}

/**
 * Only the pointer ties the data directory to its private place, so that a directory that was removed and made again
 * begins anew. Of two racing processes the first decides.
 */
async function pointTo(pointer: string, home: string): Promise<string> {
  const partial = `${pointer}.${path.basename(home)}`;
  await writeFile(partial, `${home}\n`);
  try {
    await link(partial, pointer);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  } finally {
    await rm(partial, { force: true });
  }
  return (await readFile(pointer, 'utf8')).trim();
}

async function makeDataDir(dataDir: string): Promise<void> {
  const made = await mkdir(dataDir, { recursive: true, mode: 0o755 });
  if (made !== undefined) await chmod(dataDir, 0o755);
}

function placeAt(home: string, account: Account, privateRoot: string): Place {
  const at = (name: string) => path.join(home, name);
  return { home, data: at('data'), secret: at('secret'), port: at('port'), log: at('log'), account, privateRoot };
}
