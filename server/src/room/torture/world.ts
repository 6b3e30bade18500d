import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type pg from 'pg';
import { createPool, openDatabase } from '../../database/index.ts';
import { startBus } from '../../live/bus.ts';
import type { ServerProcess } from '../../testing/spawn-server.ts';
import { startedServer } from '../../testing/spawn-server.ts';
import { until } from '../../testing/sync-client.ts';
import { compact, keepPruned } from './compaction.ts';
import { PASSWORD } from '../../testing/test-server.ts';

/** How long one waits for what was killed to come back, on a machine that does much else. */
const PATIENCE_MS = 120_000;

/** A server in a process of its own with the embedded PostgreSQL on disk; both can be killed and come back. */
export interface World {
  readonly port: number;
  readonly cookie: string;
  readonly pool: pg.Pool;
  createNotebook(title: string): Promise<string>;
  restartServer(how: 'SIGKILL' | 'SIGTERM'): Promise<void>;
  /** Another server compacts what is being edited. */
  compact(): Promise<void>;
  /** `SIGINT` stops it fast, `SIGQUIT` at once: it has to recover. Whoever needs it starts it again. */
  restartDatabase(how: 'SIGINT' | 'SIGQUIT'): Promise<void>;
  close(): Promise<void>;
}

export async function openWorld(): Promise<World> {
  const dataDir = await mkdtemp(path.join(tmpdir(), 'datacraft-torture-'));
  const database = await openDatabase({ dataDir, databaseUrl: null });
  const pool = createPool(database.url, { applicationName: 'datacraft torture' });
  pool.on('error', () => undefined); // the database is killed on purpose
  const port = await freePort();
  const env = { DATACRAFT_LOG_LEVEL: 'silent', DATACRAFT_WEB_DIR: path.join(dataDir, 'none') };
  let server: ServerProcess = await startedServer(dataDir, port, env);
  await keepPruned(pool);
  const bus = await startBus({ pool, url: database.url });
  const call = (where: string, body: unknown, cookie = '') =>
    fetch(`http://127.0.0.1:${port}/api/v1${where}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', cookie },
      body: JSON.stringify(body),
    });
  const signup = await call('/auth/signup', { email: 'ana@example.com', name: 'Ana', password: PASSWORD });
  const cookie = (signup.headers.get('set-cookie') ?? '').split(';', 1)[0] ?? '';
  return {
    port,
    cookie,
    pool,
    async createNotebook(title) {
      let id = '';
      await until(async () => {
        const answer = await call('/notebooks', { title }, cookie).catch(() => null); // killed just now: once more
        if (answer?.status === 201) id = ((await answer.json()) as { id: string }).id;
        return id !== '';
      }, PATIENCE_MS);
      return id;
    },
    async restartServer(how) {
      await server.kill(how);
      server = await startedServer(dataDir, port, env);
    },
    async compact() {
      await until(
        () =>
          compact(pool, bus).then(
            () => true,
            () => false, // the database was killed just now: once more
          ),
        PATIENCE_MS,
      );
    },
    async restartDatabase(how) {
      const { rows } = await pool.query<{ data_directory: string }>('show data_directory');
      const file = await readFile(path.join(rows[0]?.data_directory ?? '', 'postmaster.pid'), 'utf8');
      const pid = Number(file.split('\n', 1)[0]);
      process.kill(pid, how);
      await until(() => !isAlive(pid), PATIENCE_MS); // it answers for a while after it was told to stop
      await until(
        () =>
          pool.query('select 1').then(
            () => true,
            () => false,
          ),
        PATIENCE_MS,
      );
    },
    async close() {
      await server.kill('SIGTERM');
      await bus.stop();
      await pool.end();
      await database.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => probe.once('listening', resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}
