import { existsSync } from 'node:fs';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { messageDurable } from '@datacraft/shared';
import { afterEach, describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { frames, readerOf } from './room/frame.ts';
import type { ServerProcess } from './testing/spawn-server.ts';
import { spawnServer, startedServer } from './testing/spawn-server.ts';
import { rawSocket, until } from './testing/sync-client.ts';

const directories: string[] = [];
const running: ServerProcess[] = [];

afterEach(async () => {
  for (const server of running.splice(0)) await server.kill('SIGTERM').catch(() => undefined); // it may be dead already
  for (const directory of directories.splice(0)) await rm(directory, { recursive: true, force: true });
});

async function newDataDir(): Promise<string> {
  const directory = await mkdtemp(path.join(tmpdir(), 'datacraft-process-'));
  await chmod(directory, 0o755);
  directories.push(directory);
  return path.join(directory, 'data');
}

async function start(dataDir: string, port = 0): Promise<ServerProcess> {
  const server = await startedServer(dataDir, port);
  running.push(server);
  return server;
}

async function signUp(port: number): Promise<string> {
  const body = JSON.stringify({ email: 'a@example.com', password: 'correct horse', name: 'Ana' });
  const answer = await fetch(`http://127.0.0.1:${port}/api/v1/auth/signup`, {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/json' },
  });
  return (answer.headers.get('set-cookie') ?? '').split(';', 1)[0] ?? '';
}

async function createNotebook(port: number, cookie: string): Promise<string> {
  const headers = { cookie, 'content-type': 'application/json' };
  const answer = await fetch(`http://127.0.0.1:${port}/api/v1/notebooks`, {
    method: 'POST',
    body: '{"title":"T"}',
    headers,
  });
  return ((await answer.json()) as { id: string }).id;
}

/** Types as fast as it can until the line breaks; tells how many edits were acknowledged. */
async function storm(port: number, cookie: string, id: string, name: string) {
  const raw = rawSocket({ port }, id, { cookie }, '?ack=1');
  await raw.outcome;
  const doc = new Y.Doc();
  let sent = 0;
  doc.on('update', (update: Uint8Array) => {
    raw.socket.send(frames.update(update));
    sent++;
  });
  const typing = setInterval(() => doc.getArray(name).push([sent]), 1);
  void raw.closed.then(() => clearInterval(typing));
  const acknowledged = () => {
    const last = raw.frames.filter((frame) => frame[0] === messageDurable).at(-1);
    return last ? readerOf(last.subarray(1)).varint() : 0;
  };
  return { raw, doc, name, acknowledged, sent: () => sent };
}

async function contents(port: number, cookie: string, id: string): Promise<Y.Doc> {
  const raw = rawSocket({ port }, id, { cookie });
  await raw.outcome;
  raw.socket.send(frames.stateVector(Y.encodeStateVector(new Y.Doc())));
  await until(() => raw.frames.some((frame) => frame[0] === 0 && frame[1] === 1));
  const doc = new Y.Doc();
  const step2 = raw.frames.find((frame) => frame[0] === 0 && frame[1] === 1);
  if (step2) Y.applyUpdate(doc, readerOf(step2.subarray(2)).bytes());
  raw.socket.close();
  return doc;
}

describe('kill -9 in an edit storm', () => {
  it('I2 loses no acknowledged edit and doubles none, time after time', async () => {
    const dataDir = await newDataDir();
    let server = await start(dataDir);
    const cookie = await signUp(server.port);
    const id = await createNotebook(server.port, cookie);
    for (let round = 0; round < 2; round++) {
      const { port } = server;
      const typists = await Promise.all([0, 1, 2, 3].map((n) => storm(port, cookie, id, `typist-${round}-${n}`)));
      await until(() => typists.every((typist) => typist.acknowledged() > 0));
      await sleep(300 + round * 150);
      await server.kill('SIGKILL');
      await Promise.all(typists.map((one) => one.raw.closed));
      server = await start(dataDir);
      const doc = await contents(server.port, cookie, id);
      for (const typist of typists) {
        const found = doc.getArray<number>(typist.name).toArray();
        expect(typist.acknowledged()).toBeGreaterThan(0);
        expect(found.length).toBeGreaterThanOrEqual(typist.acknowledged());
        expect(found).toEqual(Array.from({ length: found.length }, (_, n) => n));
      }
    }
  });
});

describe('a stop', () => {
  it('S3 stores everything, exits 0, and leaves no PostgreSQL behind', async () => {
    const dataDir = await newDataDir();
    const first = await start(dataDir);
    const cookie = await signUp(first.port);
    const id = await createNotebook(first.port, cookie);
    const typist = await storm(first.port, cookie, id, 'typist');
    await until(() => typist.acknowledged() > 20);
    const [pid] = (await readFile(path.join(dataDir, 'pg/data/postmaster.pid'), 'utf8')).split('\n');
    expect(await first.kill('SIGTERM')).toBe(0);
    expect(await typist.raw.closed).toBe(4503);
    expect(existsSync(path.join(dataDir, 'pg/data/postmaster.pid'))).toBe(false);
    expect(() => process.kill(Number(pid), 0)).toThrow();
    const second = await start(dataDir, first.port);
    const doc = await contents(second.port, cookie, id);
    expect(doc.getArray('typist').length).toBeGreaterThanOrEqual(typist.acknowledged());
    expect(doc.getMap('notebook').get('title')).toBe('T');
  });
});

describe('kill -9 of the database under a running server', () => {
  it('passes: what comes meanwhile waits, and is stored and acknowledged', async () => {
    const dataDir = await newDataDir();
    const server = await start(dataDir);
    const cookie = await signUp(server.port);
    const id = await createNotebook(server.port, cookie);
    const typist = await storm(server.port, cookie, id, 'typist');
    await until(() => typist.acknowledged() > 20);
    const [pid] = (await readFile(path.join(dataDir, 'pg/data/postmaster.pid'), 'utf8')).split('\n');
    process.kill(Number(pid), 'SIGKILL');
    const before = typist.sent();
    await until(() => typist.acknowledged() > before + 20, 40_000);
    typist.raw.socket.close();
    await typist.raw.closed;
    const doc = await contents(server.port, cookie, id);
    const found = doc.getArray<number>('typist').toArray();
    expect(found).toEqual(Array.from({ length: found.length }, (_, n) => n));
    expect(found.length).toBeGreaterThanOrEqual(typist.acknowledged());
  });
});

describe('a start that cannot be', () => {
  it('S2 names the server that has the data folder, and takes over from a dead one', async () => {
    const dataDir = await newDataDir();
    const first = await start(dataDir);
    const second = await spawnServer(dataDir);
    expect(second).toMatchObject({ code: 1 });
    expect('said' in second && second.said).toContain(`process ${first.pid}, at port ${first.port}`);
    await first.kill('SIGKILL');
    await start(dataDir);
  });

  it('says in one line which port is taken, and exits 1', async () => {
    const taken = net.createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => taken.once('listening', resolve));
    const { port } = taken.address() as net.AddressInfo;
    const outcome = await spawnServer(await newDataDir(), port);
    expect(outcome).toEqual({
      code: 1,
      said: `port ${port} is in use by another program; stop it or choose another with --port`,
    });
    taken.close();
  });

  it('exits 78 with one line for a DATABASE_URL that leads nowhere', async () => {
    const wrong = [
      'mysql://x',
      'postgres://a:secret@127.0.0.1:1/none',
      'postgres://a:secret@no-such-host.invalid/none',
    ];
    for (const url of wrong) {
      const outcome = await spawnServer(await newDataDir(), 0, { DATABASE_URL: url });
      expect(outcome).toMatchObject({ code: 78 });
      const said = 'said' in outcome ? outcome.said : '';
      expect(said).toMatch(/^DATABASE_URL[^\n]*$/);
      expect(said).not.toContain('secret');
    }
  });

  it('says that the data folder is damaged, where, and what to do', async () => {
    const dataDir = await newDataDir();
    const first = await startedServer(dataDir);
    await first.kill('SIGTERM');
    await writeFile(path.join(dataDir, 'pg/data/global/pg_control'), Buffer.alloc(8192));
    const outcome = await spawnServer(dataDir);
    expect(outcome).toMatchObject({ code: 1 });
    expect('said' in outcome && outcome.said).toMatch(/^the database in .* is damaged; restore it[^\n]*$/);
  });
});
