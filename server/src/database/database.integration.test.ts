import { fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { createPool, openDatabase } from './index.ts';

const directories: string[] = [];
afterEach(async () => {
  for (const directory of directories.splice(0)) await rm(directory, { recursive: true, force: true });
});

async function newFolder(mode: number): Promise<string> {
  const directory = await mkdtemp(path.join(tmpdir(), 'datacraft-database-'));
  await chmod(directory, mode);
  directories.push(directory);
  return directory;
}

async function answers(url: string): Promise<boolean> {
  const pool = createPool(url, { max: 1 });
  try {
    return (await pool.query('select 1')).rowCount === 1;
  } finally {
    await pool.end();
  }
}

const pidOf = async (home: string) =>
  Number((await readFile(path.join(home, 'data/postmaster.pid'), 'utf8')).split('\n')[0]);
const script = fileURLToPath(new URL('../testing/database-process.ts', import.meta.url));

/** A process that opens the database, tells its address, and closes it when told. */
async function user(dataDir: string) {
  const child = fork(script, [dataDir], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  const [message] = (await once(child, 'message')) as [{ url: string }];
  return {
    url: message.url,
    async close() {
      child.send('close');
      await once(child, 'exit');
    },
    async kill() {
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  };
}

describe('the embedded database', () => {
  it('K2 is one for all that open it at once, and stops with the last', async () => {
    const dataDir = path.join(await newFolder(0o755), 'data');
    const users = await Promise.all([1, 2, 3].map(() => user(dataDir)));
    const [first, second, third] = users;
    expect(new Set(users.map((one) => one.url)).size).toBe(1);
    await first?.close();
    await second?.kill();
    expect(await answers(third?.url ?? '')).toBe(true);
    const pid = await pidOf(path.join(dataDir, 'pg'));
    await third?.close();
    expect(() => process.kill(pid, 0)).toThrow();
  });

  it('K2 is never stopped under somebody who just came', async () => {
    const dataDir = path.join(await newFolder(0o755), 'data');
    for (let round = 0; round < 6; round++) {
      const leaving = await openDatabase({ dataDir, databaseUrl: null });
      const [coming] = await Promise.all([openDatabase({ dataDir, databaseUrl: null }), leaving.close()]);
      expect(await answers(coming.url)).toBe(true);
      await coming.close();
    }
  });

  it('K3 is adopted when its process was killed', async () => {
    const dataDir = path.join(await newFolder(0o755), 'data');
    const killed = await user(dataDir);
    const pid = await pidOf(path.join(dataDir, 'pg'));
    await killed.kill();
    const next = await openDatabase({ dataDir, databaseUrl: null });
    expect([await pidOf(path.join(dataDir, 'pg')), next.url]).toEqual([pid, killed.url]);
    await next.close();
  });

  it('keeps its password to itself', async () => {
    const dataDir = path.join(await newFolder(0o755), 'data');
    const database = await openDatabase({ dataDir, databaseUrl: null });
    expect((await stat(path.join(dataDir, 'pg/secret'))).mode & 0o777).toBe(0o600);
    const guess = database.url.replace(/:[^:@]+@/, ':guess@');
    await expect(answers(guess)).rejects.toMatchObject({ code: '28P01' });
    await database.close();
  });

  it('lies where its account can reach it, when it may not enter the data folder', async () => {
    const privateRoot = path.join(await newFolder(0o755), 'private');
    const dataDir = path.join(await newFolder(0o700), 'data');
    const open = () => openDatabase({ dataDir, databaseUrl: null, privateRoot });
    const first = await open();
    expect(await answers(first.url)).toBe(true);
    await first.close();
    const isRoot = process.getuid?.() === 0;
    const pointer = path.join(dataDir, 'pg.location');
    expect(existsSync(pointer)).toBe(isRoot);
    if (isRoot) expect(path.dirname((await readFile(pointer, 'utf8')).trim())).toBe(privateRoot);
    const again = await open();
    expect(again.url).toBe(first.url);
    await again.close();
  });
});
