/**
 * The server process: opens what it needs in order, listens, and closes all of it in the reverse order.
 *
 * S1  It is ready only when everything it promises is there; a start that fails closes what it had opened.
 * S2  One server per data directory.
 * S3  `stop` loses nothing that was acknowledged: it stops accepting, stores the rooms, then lets go of the database.
 */
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { databaseOf } from '@datacraft/engine';
import { applyMigrations } from '@datacraft/migrations';
import { Fault } from '@datacraft/shared';
import type { Extension } from './app.ts';
import { createApp } from './app.ts';
import { createAuth } from './auth/index.ts';
import { TokenMeter } from './auth/token-meter.ts';
import type { Config } from './config.ts';
import { lockDataDir } from './data-dir-lock.ts';
import { createPool, openDatabase } from './database/index.ts';
import type { Deps } from './deps.ts';
import { spanSinkOf } from './engine.ts';
import { startKeeper } from './history/keeper.ts';
import { createVersions } from './history/versions.ts';
import { startBus } from './live/bus.ts';
import { createLiveHub } from './live/hub.ts';
import { apiListener } from './listener.ts';
import { createLog } from './log.ts';
import { createCollector } from './metric/collector.ts';
import { createMetrics, registerProcessMetrics } from './metric/registry.ts';
import { commonHeaders } from './middleware/headers.ts';
import { isKnownHost, unknownHost } from './middleware/host.ts';
import type { SyncDoor } from './room/socket.ts';
import { loadSecretKey } from './secret/key.ts';
import { createSyncDoor } from './room/socket.ts';
import { createRooms } from './room/rooms.ts';
import { createUploads } from './store/uploads.ts';
import type { WebHandler } from './web.ts';
import { loadWeb, serveWeb } from './web.ts';

export interface RunningServer {
  readonly url: string;
  readonly deps: Deps;
  /** Drains and closes; safe to call twice. */
  stop(): Promise<void>;
}

/** Other rooms of the product, added by whoever starts the server: routes, a compiler, a worker. */
export interface Attachment {
  readonly extension?: Extension;
  /** The server waits for it a moment before it says that it is ready. Never rejects. */
  readonly warm?: Promise<void>;
  /** Called last when the server stops taking requests, first when things are closed. */
  stop?(): Promise<void>;
}

export interface StartOptions {
  readonly attach?: (deps: Deps, database: { readonly url: string }) => Promise<Attachment>;
  /** Progress for people, one line per step that takes over a second. */
  readonly onStep?: (step: string) => void;
}

const DRAIN_MS = 5_000;
/** Whoever asks a model that is not open yet waits for it, and no longer. */
const WARM_MS = 3_000;
/** A slow line may take its time for a large file. */
const UPLOAD_MS = 3_600_000;
/** Longer than proxies keep theirs (60 s): a request must not arrive on a line that is being closed. */
const KEEP_ALIVE_MS = 75_000;
/** Connections that wait to be taken: a rush of new ones is not turned away while this process is busy. */
const BACKLOG = 4096;

export async function startServer(config: Config, options: StartOptions = {}): Promise<RunningServer> {
  const closing: (() => Promise<void> | void)[] = [];
  const closeAll = once(async () => {
    for (const close of closing.splice(0).reverse()) await close();
  });
  try {
    return await start(config, options, closing, closeAll);
  } catch (error) {
    await closeAll().catch(() => undefined); // the first failure is the one to tell
    throw error;
  }
}

async function start(
  config: Config,
  options: StartOptions,
  closing: (() => Promise<void> | void)[],
  closeAll: () => Promise<void>,
): Promise<RunningServer> {
  const log = createLog(config.logLevel);
  const spans = spanSinkOf(config, (reason) => log.warn({ reason }, 'spans could not be delivered; the work goes on'));
  closing.push(() => spans?.flush());
  const steps = stepTeller(options.onStep);
  closing.push(() => steps.end());
  const lock = await lockDataDir(config.dataDir);
  closing.push(() => lock.release());
  await loadSecretKey(config);

  const database = await openDatabase({ dataDir: config.dataDir, databaseUrl: config.databaseUrl, onStep: steps.step });
  closing.push(() => database.close());
  const pool = createPool(database.url, { max: 20, applicationName: 'datacraft server' });
  closing.push(() => pool.end());
  steps.step('bringing the database up to date');
  await applyMigrations(pool);

  steps.step('opening rooms');
  const bus = await startBus({ pool, url: database.url });
  closing.push(() => bus.stop());
  const metrics = createMetrics();
  registerProcessMetrics(metrics);
  const collector = createCollector(databaseOf(pool), metrics, log, new Date());
  const auth = createAuth({ pool, bus, secureCookies: config.publicUrl?.startsWith('https:') === true, now: Date.now });
  const rooms = createRooms({ pool, bus, log, metrics });
  closing.push(() => rooms.stop());
  const live = createLiveHub(bus);
  const versions = createVersions({ pool, rooms, live, now: Date.now });
  metrics.gauge('datacraft_event_streams', 'Open event streams', () => live.subscribers());
  await createUploads({ pool, dataDir: config.dataDir, maxBytes: 0 }).sweep();

  let state: 'starting' | 'ready' | 'stopping' = 'starting';
  const notReady = () => (state === 'ready' ? null : state);
  const deps: Deps = {
    config,
    pool,
    bus,
    auth,
    meter: new TokenMeter(pool, Date.now),
    rooms,
    live,
    versions,
    metrics,
    collector,
    log,
    spans,
    now: Date.now,
    notReady,
  };
  const attachment = (await options.attach?.(deps, database)) ?? {};
  if (attachment.stop) closing.push(() => attachment.stop?.());

  steps.step('loading the web interface');
  const web = await loadWeb(config.webDir);
  const app = createApp(deps, attachment.extension);
  const sync = createSyncDoor({ config, auth, pool, bus, rooms, log });
  const server = createServer(
    { headersTimeout: 30_000, requestTimeout: UPLOAD_MS, keepAliveTimeout: KEEP_ALIVE_MS },
    dispatcher(app, web, config),
  );
  server.on('upgrade', (request, socket, head) => void sync.upgrade(request, socket, head));
  const port = await listen(server, config);
  await lock.announce(port);
  const keeper = startKeeper({ pool, rooms, versions, log, now: Date.now });
  const expired = setInterval(() => {
    const later = (error: unknown) =>
      log.warn({ err: error }, 'what has expired was not removed; it is tried again in an hour');
    void auth.sessions.removeExpired().catch(later);
    void rooms.log.prune(config.historyDays).catch(later);
  }, 3_600_000);
  expired.unref();
  closing.push(
    () => clearInterval(expired),
    () => drain(server, sync, live, rooms.stop),
    () => keeper.stop(),
  );
  steps.step('opening models');
  await Promise.race([attachment.warm, sleep(WARM_MS, undefined, { ref: false })]);
  state = 'ready';
  steps.end();
  const url = config.publicUrl ?? `http://${shownHost(config.host)}:${port}`;
  return {
    url,
    deps,
    async stop() {
      state = 'stopping';
      await closeAll();
    },
  };
}

const ours = /^\/(api|iceberg|v1)(\/|$)|^\/(healthz|readyz|metrics)$/;

const health = /^\/(healthz|readyz|metrics)$/;

function dispatcher(app: ReturnType<typeof createApp>, web: WebHandler | null, config: Config) {
  const api = apiListener(app);
  return (request: IncomingMessage, response: ServerResponse) => {
    const pathname = (request.url ?? '/').split('?', 1)[0] ?? '/';
    if (!health.test(pathname) && !isKnownHost(request.headers, config)) return refuseHost(request, response);
    if (ours.test(pathname)) return void api(request, response);
    for (const [name, value] of Object.entries(commonHeaders)) response.setHeader(name, value);
    serveWeb(config.webDir, web, app, request, response);
  };
}

function refuseHost({ headers }: IncomingMessage, response: ServerResponse): void {
  const problem = unknownHost(headers);
  response.writeHead(problem.status, {
    ...commonHeaders,
    'content-type': 'application/problem+json',
    connection: 'close',
  });
  response.end(JSON.stringify(problem));
}

function listen(server: Server, config: Config): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => reject(explainListen(cause, config)));
    server.listen(config.port, config.host, BACKLOG, () => resolve((server.address() as AddressInfo).port));
  });
}

function explainListen(cause: NodeJS.ErrnoException, { host, port }: Config): Fault {
  const sentences: Readonly<Record<string, string>> = {
    EADDRINUSE: `port ${port} is in use by another program; stop it or choose another with --port`,
    EACCES: `port ${port} may not be used by this account; choose one above 1023 with --port`,
    EADDRNOTAVAIL: `the address ${host} is not one of this machine; correct --host`,
    ENOTFOUND: `the host ${host} is unknown; correct --host`,
  };
  return new Fault(
    'internal',
    sentences[cause.code ?? ''] ?? `cannot listen at ${host}:${port}: ${cause.message}`,
    {},
    { cause },
  );
}

/** No new requests; rooms are stored and told; what is under way gets a moment to end. */
async function drain(
  server: Server,
  sync: SyncDoor,
  live: { stop(): void },
  storeRooms: () => Promise<void>,
): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  live.stop();
  await storeRooms();
  sync.stop();
  server.closeIdleConnections();
  await Promise.race([closed, sleep(DRAIN_MS, undefined, { ref: false })]);
  server.closeAllConnections();
  await closed;
}

function shownHost(host: string): string {
  if (host === '127.0.0.1' || host === '0.0.0.0' || host === '::' || host === '::1') return 'localhost';
  return host.includes(':') ? `[${host}]` : host;
}

/** Tells a step only when it takes over a second. */
function stepTeller(tell: ((step: string) => void) | undefined) {
  let timer: NodeJS.Timeout | undefined;
  return {
    step(name: string) {
      clearTimeout(timer);
      timer = setTimeout(() => tell?.(`${name} …`), 1_000);
    },
    end: () => clearTimeout(timer),
  };
}

function once(work: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | null = null;
  return () => (running ??= work());
}
