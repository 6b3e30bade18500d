import { randomUUID } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** Lends a private directory to `work` and removes it afterwards, whatever happened. */
export async function withPrivateDir<Result>(parent: string, work: (dir: string) => Promise<Result>): Promise<Result> {
  const dir = await makePrivateDir(parent);
  try {
    return await work(dir);
  } finally {
    await removePrivateDir(dir);
  }
}

export async function makePrivateDir(parent: string): Promise<string> {
  const dir = join(parent, randomUUID());
  await mkdir(dir, { recursive: true, mode: 0o700 });
  return dir;
}

export async function removePrivateDir(dir: string): Promise<void> {
  await rm(dir, { recursive: true, force: true });
}
