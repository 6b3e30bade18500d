/**
 * An embedded PostgreSQL shared by all our processes on one data directory.
 *
 * K1  Who uses the cluster holds a shared advisory lock on a connection of its own, the keeper, for as long as it uses it.
 * K2  Only who gets that lock exclusively stops the cluster; so the last one out does, and nobody stops it under another.
 * K3  The postmaster outlives a killed process of ours and is adopted by the next; a killed postmaster is started again
 *     on the same port by every process that still wants it; PostgreSQL's own lock file lets one win.
 *
 * It does not know what the database is for: migrations and pools are the caller's.
 */
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { Fault } from '@datacraft/shared';
import pg from 'pg';
import type { Binaries } from './binaries.ts';
import { findBinaries } from './binaries.ts';
import { explainFailure, isPassing } from './explain.ts';
import { initialise, isAlive } from './initialise.ts';
import type { Place } from './place.ts';
import { choosePlace } from './place.ts';
import { choosePort, readPidFile, startPostmaster } from './postmaster.ts';

export interface Cluster {
  /** Connection string of database `name`; `postgres` always exists. */
  url(name: string): string;
  /** Lets go of it; the last one out stops the postmaster. */
  release(): Promise<void>;
}

export interface ClusterOptions {
  readonly dataDir: string;
  readonly settings?: Readonly<Record<string, string>>;
  readonly privateRoot?: string;
  readonly onStep?: (step: string) => void;
}

const START_LIMIT_MS = 60_000;
const KEEPER_LOCK = 7_210_000;

interface Held {
  readonly keeper: pg.Client;
  readonly port: number;
  readonly pid: number;
}

export async function openCluster(options: ClusterOptions): Promise<Cluster> {
  const place = await choosePlace(options.dataDir, options.privateRoot);
  options.onStep?.('preparing PostgreSQL');
  const binaries = await findBinaries(place.account, place.privateRoot);
  await initialise(place, binaries);
  options.onStep?.('starting PostgreSQL');
  const password = (await readFile(place.secret, 'utf8')).trim();
  return keepCluster(place, binaries, password, options.settings ?? {});
}

async function keepCluster(
  place: Place,
  binaries: Binaries,
  password: string,
  settings: Readonly<Record<string, string>>,
): Promise<Cluster> {
  let released = false;
  let held = await acquire(place, binaries, password, settings, false);
  let recovering: Promise<void> = Promise.resolve();
  const watch = () => {
    held.keeper.once('end', () => {
      if (!released) recovering = recover();
    });
  };
  const recover = async (): Promise<void> => {
    while (!released) {
      try {
        held = await acquire(place, binaries, password, settings, true);
        watch();
        return;
      } catch (error) {
        process.emitWarning(error instanceof Error ? error : new Error(String(error)));
        await sleep(1_000);
      }
    }
  };
  watch();
  return {
    url: (name) => urlOf(held.port, password, name),
    async release() {
      if (released) return;
      released = true;
      await recovering;
      await letGo(place, held);
    },
  };
}

function urlOf(port: number, password: string, name: string): string {
  return `postgres://datacraft:${password}@127.0.0.1:${port}/${name}`;
}

/** Adopts the running postmaster or starts one, until the keeper's lock is held. */
async function acquire(
  place: Place,
  binaries: Binaries,
  password: string,
  settings: Readonly<Record<string, string>>,
  samePort: boolean,
): Promise<Held> {
  const deadline = Date.now() + START_LIMIT_MS;
  let said = '';
  while (Date.now() < deadline) {
    const adopted = await adopt(place, password);
    if (adopted === 'wait') {
      await sleep(50);
      continue;
    }
    if (adopted) return adopted;
    const started = await start(place, binaries, password, settings, samePort);
    if (typeof started !== 'string') return started;
    said = started;
    if (!isPassing(said)) throw explainFailure(said, place);
    await sleep(150);
  }
  throw explainFailure(said || 'it did not answer within a minute', place);
}

/** `wait`: there is one, but it is starting up or going away. Null: there is none. */
async function adopt(place: Place, password: string): Promise<Held | 'wait' | null> {
  const found = await readPidFile(place);
  if (!found || !isAlive(found.pid)) return null;
  const keeper = await tryKeep(urlOf(found.port, password, 'postgres'));
  if (keeper === 'stranger') return null;
  return keeper === 'not-ready' ? 'wait' : { keeper, port: found.port, pid: found.pid };
}

async function start(
  place: Place,
  binaries: Binaries,
  password: string,
  settings: Readonly<Record<string, string>>,
  samePort: boolean,
): Promise<Held | string> {
  const port = await choosePort(place, samePort);
  const postmaster = await startPostmaster(place, binaries, port, settings);
  let said: string | null = null;
  void postmaster.exited.then((text) => (said = text || 'it said nothing'));
  const deadline = Date.now() + START_LIMIT_MS;
  while (Date.now() < deadline) {
    if (said !== null) return said;
    const keeper = await tryKeep(urlOf(port, password, 'postgres'));
    if (typeof keeper !== 'string') return { keeper, port, pid: postmaster.pid };
    await sleep(25);
  }
  return 'it did not answer within a minute';
}

async function tryKeep(url: string): Promise<pg.Client | 'not-ready' | 'stranger'> {
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: 5_000,
    application_name: 'datacraft keeper',
    keepAlive: true,
  });
  client.on('error', () => undefined); // 'end' follows and is what we act on
  try {
    await client.connect();
    const { rows } = await client.query<{ kept: boolean }>('select pg_try_advisory_lock_shared($1) as kept', [
      KEEPER_LOCK,
    ]);
    if (rows[0]?.kept === true) return client;
  } catch (error) {
    if (error instanceof pg.DatabaseError && error.code === '28P01') return 'stranger';
  }
  await client.end().catch(() => undefined);
  return 'not-ready';
}

async function letGo(place: Place, held: Held): Promise<void> {
  try {
    await held.keeper.query('select pg_advisory_unlock_shared($1)', [KEEPER_LOCK]);
    const { rows } = await held.keeper.query<{ alone: boolean }>('select pg_try_advisory_lock($1) as alone', [
      KEEPER_LOCK,
    ]);
    if (rows[0]?.alone === true) await stop(place, held);
  } catch (error) {
    if (error instanceof Fault) throw error;
    // The postmaster is gone already; nothing is left to stop.
  } finally {
    await held.keeper.end().catch(() => undefined);
  }
}

/** Fast shutdown, then waits until the postmaster is gone, so that who comes next finds it stopped. */
async function stop(place: Place, held: Held): Promise<void> {
  const running = await readPidFile(place);
  if (!running || running.port !== held.port) return;
  process.kill(running.pid, 'SIGINT');
  const deadline = Date.now() + 30_000;
  while (isAlive(running.pid) && Date.now() < deadline) await sleep(20);
}
