import { randomUUID } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** Lends a private directory to `work` and removes it afterwards, whatever happened. */
export async function withPrivateDir<Result>(parent: string, work: (dir: string) => Promise<Result>): Promise<Result> {
  const dir = join(parent, randomUUID());
  await mkdir(dir, { recursive: true, mode: 0o700 });
  try {
    return await work(dir);
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}
