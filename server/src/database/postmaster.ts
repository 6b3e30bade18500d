import { spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, statSync } from 'node:fs';
import { readFile, truncate, writeFile } from 'node:fs/promises';
import net from 'node:net';
import type { Binaries } from './binaries.ts';
import type { Place } from './place.ts';

/** Settings for one machine that also runs everything else; durability is never traded. */
const tuning: Readonly<Record<string, string>> = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '200',
  shared_buffers: '128MB',
  wal_compression: 'on',
  max_wal_size: '1GB',
  random_page_cost: '1.1',
  jit: 'off',
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_checkpoints: 'off',
  tcp_keepalives_idle: '30',
  io_method: 'sync',
};

const MAX_LOG_BYTES = 8 * 1024 * 1024;

/** The caller's PG* variables are about other servers. */
export function bareEnvironment(): NodeJS.ProcessEnv {
  return { PATH: process.env['PATH'], LC_ALL: 'C', TZ: 'UTC' };
}

export interface Postmaster {
  readonly pid: number;
  /** Resolves with what it said when it exits; it normally outlives us. */
  readonly exited: Promise<string>;
}

/** Starts PostgreSQL in its own process group, so that neither Ctrl-C nor our own death takes it along. */
export async function startPostmaster(
  place: Place,
  binaries: Binaries,
  port: number,
  settings: Readonly<Record<string, string>> = {},
): Promise<Postmaster> {
  if (existsSync(place.log) && statSync(place.log).size > MAX_LOG_BYTES) await truncate(place.log);
  const log = openSync(place.log, 'a', 0o600);
  const from = statSync(place.log).size;
  const flags = Object.entries({ ...tuning, ...settings }).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const child = spawn(binaries.postgres, ['-D', place.data, '-p', String(port), ...flags], {
    cwd: place.home,
    env: bareEnvironment(),
    detached: true,
    stdio: ['ignore', log, log],
    ...place.account.ids,
  });
  closeSync(log);
  child.unref();
  const exited = new Promise<string>((resolve) => {
    child.on('error', (error) => resolve(error.message));
    child.on('exit', () => void readLog(place, from).then(resolve));
  });
  return { pid: child.pid ?? 0, exited };
}

async function readLog(place: Place, from: number): Promise<string> {
  const text = await readFile(place.log).catch(() => Buffer.from('its log cannot be read'));
  return text.subarray(Math.min(from, text.length)).toString();
}

export interface PidFile {
  readonly pid: number;
  readonly port: number;
}

/** What PostgreSQL left about itself; null when there is none or it is not complete yet. */
export async function readPidFile(place: Place): Promise<PidFile | null> {
  const text = await readFile(`${place.data}/postmaster.pid`, 'utf8').catch(() => '');
  const [pid, , , port] = text.split('\n').map(Number);
  return pid && port ? { pid, port } : null;
}

/**
 * The port of last time if it is free, so that others' connection strings stay true; else a new one. `insist`: pools
 * are open on that port, and what holds it is the predecessor going away.
 */
export async function choosePort(place: Place, insist: boolean): Promise<number> {
  const last = Number(await readFile(place.port, 'utf8').catch(() => '0'));
  if (insist && last > 0) return last;
  const port = last > 0 && (await isFree(last)) ? last : await anyFreePort();
  await writeFile(place.port, String(port), { mode: 0o600 });
  return port;
}

function listenOnce(port: number): Promise<number | null> {
  return new Promise((resolve) => {
    const server = net.createServer();
    server.once('error', () => resolve(null));
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : null));
    });
  });
}

async function isFree(port: number): Promise<boolean> {
  return (await listenOnce(port)) !== null;
}

async function anyFreePort(): Promise<number> {
  const port = await listenOnce(0);
  if (port === null) throw new Error('no free TCP port on 127.0.0.1');
  return port;
}
