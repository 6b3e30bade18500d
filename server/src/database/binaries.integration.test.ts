import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { chooseAccount } from './account.ts';
import { findBinaries } from './binaries.ts';

it('programs are copied whole to where the account can run them, once', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'datacraft-binaries-'));
  await chmod(folder, 0o755);
  const account = await chooseAccount(null);
  const privateRoot = path.join(folder, 'private');
  const found = await Promise.all([1, 2].map(() => findBinaries({ ...account, canReach: () => false }, privateRoot)));
  const [{ postgres } = { postgres: '' }] = found;
  expect(postgres.startsWith(privateRoot)).toBe(true);
  const { stdout } = await promisify(execFile)(postgres, ['--version'], { cwd: '/', ...account.ids });
  expect(stdout).toMatch(/PostgreSQL\) 18/);
  expect(
    existsSync(path.join(path.dirname(postgres), '../share/postgresql')) ||
      existsSync(path.join(path.dirname(postgres), '../share')),
  ).toBe(true);
  await rm(folder, { recursive: true, force: true });
});
