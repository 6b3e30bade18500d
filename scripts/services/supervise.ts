import { spawn } from 'node:child_process';
import { existsSync, openSync, closeSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { serviceNamed } from './catalog.ts';
import type { Place, Server } from './service.ts';

/** What is known of a started server; kept in its directory so that another process can ask and stop it. */
export interface Running {
  readonly name: string;
  readonly pid: number;
  readonly ports: Readonly<Record<string, number>>;
  readonly exports: Readonly<Record<string, string>>;
  readonly startMs: number;
}

const STOP_LIMIT_MS = 30_000;

/** `DATACRAFT_SERVICES_DIR`, else a directory of this user in the temp directory. */
export function servicesDir(env: NodeJS.ProcessEnv = process.env): string {
  return env['DATACRAFT_SERVICES_DIR'] || join(tmpdir(), `datacraft-services-${userInfo().uid}`);
}

const dirOf = (name: string): string => join(servicesDir(), name);
export const logOf = (name: string): string => join(dirOf(name), 'log');

export async function readRunning(name: string): Promise<Running | null> {
  const text = await readFile(join(dirOf(name), 'running.json'), 'utf8').catch(() => null);
  if (text === null) return null;
  const running = JSON.parse(text) as Running;
  return isAlive(running.pid) ? running : null;
}

/** Starts a service and what it needs; gives what they export. One that runs already is left as it is. */
export async function up(name: string): Promise<Record<string, string>> {
  const service = serviceNamed(name);
  await service.install();
  if (service.kind === 'tool') return service.exports();
  const env: Record<string, string> = {};
  for (const needed of service.needs ?? []) Object.assign(env, await up(needed));
  const running = (await readRunning(name)) ?? (await start(service, env));
  return { ...env, ...running.exports };
}

async function start(service: Server, env: Record<string, string>): Promise<Running> {
  const dir = dirOf(service.name);
  await mkdir(dir, { recursive: true, mode: 0o755 });
  const place: Place = { dir, ports: await choosePorts(service, dir), env };
  const startedAt = performance.now();
  const pid = await launch(service, place);
  await waitUntilReady(service, place, pid);
  const startMs = Math.round(performance.now() - startedAt);
  const running = { name: service.name, pid, ports: place.ports, exports: service.exports(place), startMs };
  await writeFile(join(dir, 'running.json'), JSON.stringify(running), { mode: 0o600 });
  return running;
}

async function launch(service: Server, place: Place): Promise<number> {
  const { command, args, env, ids } = await service.prepare(place);
  const log = openSync(logOf(service.name), 'a');
  const child = spawn(command, args, {
    cwd: place.dir,
    env: { ...process.env, ...env },
    detached: true,
    stdio: ['ignore', log, log],
    ...ids,
  });
  closeSync(log);
  const failed = new Promise<never>((_, reject) => child.once('error', reject));
  const spawned = new Promise<void>((resolve) => child.once('spawn', resolve));
  await Promise.race([spawned, failed]);
  child.unref();
  return child.pid ?? 0;
}

async function waitUntilReady(service: Server, place: Place, pid: number): Promise<void> {
  const deadline = Date.now() + service.startLimitMs;
  let last: unknown = null;
  while (Date.now() < deadline && isAlive(pid)) {
    try {
      await service.ready(place);
      return;
    } catch (error) {
      last = error;
      await sleep(100);
    }
  }
  const ended = isAlive(pid) ? `did not answer within ${service.startLimitMs / 1000} s` : 'ended';
  await end(pid);
  const said = await readLog(service.name, 20);
  throw new Error(`${service.name} ${ended} (${String(last)}). Its log, ${logOf(service.name)}:\n${said}`);
}

export async function readLog(name: string, lines: number): Promise<string> {
  const text = await readFile(logOf(name), 'utf8').catch(() => '');
  return text.trimEnd().split('\n').slice(-lines).join('\n');
}

/** Stops a server. `keep` leaves its data and ports for the next start. */
export async function down(name: string, keep = false): Promise<void> {
  const running = await readRunning(name);
  if (running !== null) await end(running.pid);
  if (keep) await rm(join(dirOf(name), 'running.json'), { force: true });
  else await rm(dirOf(name), { recursive: true, force: true });
}

/** Stops it and starts it again over the same data, on the same ports. */
export async function restart(name: string): Promise<Record<string, string>> {
  await down(name, true);
  return up(name);
}

async function end(pid: number): Promise<void> {
  signal(pid, 'SIGTERM');
  const deadline = Date.now() + STOP_LIMIT_MS;
  while (isAlive(pid) && Date.now() < deadline) await sleep(50);
  if (isAlive(pid)) signal(pid, 'SIGKILL');
  while (isAlive(pid) && Date.now() < deadline + 5_000) await sleep(50);
}

/** The whole process group: what it started goes with it. */
function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(-pid, name);
  } catch {
    // It is gone already, which is what was wanted.
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  return !isZombie(pid);
}

/** A child of ours that ended is only reaped when the event loop turns; it no longer runs. */
function isZombie(pid: number): boolean {
  return existsSync(`/proc/${pid}`) && !existsSync(`/proc/${pid}/exe`);
}

/** Largest memory it ever held, in MiB, of the whole group's leader; null where the system does not tell. */
export async function peakMemoryMb(pid: number): Promise<number | null> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  const kb = /^VmHWM:\s+(\d+) kB/m.exec(status)?.[1];
  return kb === undefined ? null : Math.round(Number(kb) / 1024);
}

async function choosePorts(service: Server, dir: string): Promise<Record<string, number>> {
  const file = join(dir, 'ports.json');
  const known = await readFile(file, 'utf8').catch(() => null);
  if (known !== null) return JSON.parse(known) as Record<string, number>;
  const ports: Record<string, number> = {};
  for (const port of service.ports)
    ports[port] = Number(process.env[portVariable(service.name, port)]) || (await freePort());
  await writeFile(file, JSON.stringify(ports));
  return ports;
}

const portVariable = (service: string, port: string): string =>
  `DATACRAFT_${service}_${port}_PORT`.toUpperCase().replaceAll('-', '_');

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}
