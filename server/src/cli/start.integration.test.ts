import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { until } from '../testing/sync-client.ts';

const program = fileURLToPath(new URL('./main.ts', import.meta.url));
const directories: string[] = [];
afterEach(async () => {
  for (const directory of directories.splice(0)) await rm(directory, { recursive: true, force: true });
});

async function starting() {
  const directory = await mkdtemp(path.join(tmpdir(), 'datacraft-start-'));
  await chmod(directory, 0o755);
  directories.push(directory);
  const dataDir = path.join(directory, 'data');
  const child = spawn(process.execPath, [program, 'start', '--port', '0', '--data-dir', dataDir], {
    env: { PATH: process.env['PATH'], DATACRAFT_LOG_LEVEL: 'error', DATACRAFT_WEB_DIR: path.join(directory, 'none') },
    stdio: ['ignore', 'ignore', 'ignore'],
  });
  return { child, dataDir, exited: once(child, 'exit'), pidFile: path.join(dataDir, 'pg/data/postmaster.pid') };
}

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

describe('a stop in the middle of a start', () => {
  it('ends with 0 and leaves no PostgreSQL, though PostgreSQL had only begun', async () => {
    const { child, exited, pidFile } = await starting();
    await until(() => existsSync(pidFile), 60_000);
    const postmaster = Number((await readFile(pidFile, 'utf8')).split('\n', 1)[0]);
    child.kill('SIGTERM');
    expect(await exited).toEqual([0, null]);
    expect(existsSync(pidFile)).toBe(false);
    expect(isAlive(postmaster)).toBe(false);
  });

  it('leaves what the next start takes over and then stops, when it is killed there', async () => {
    const { child, exited, dataDir, pidFile } = await starting();
    await until(() => existsSync(pidFile), 60_000);
    child.kill('SIGKILL');
    await exited;
    const next = spawn(process.execPath, [program, 'query', 'select 1 as n', '--data-dir', dataDir], {
      env: { PATH: process.env['PATH'] },
      stdio: 'ignore',
    });
    expect(await once(next, 'exit')).toEqual([0, null]);
    expect(existsSync(pidFile)).toBe(false);
  });
});
