import type { SpanSink } from '@datacraft/engine';
import type pg from 'pg';
import type { Logger } from 'pino';
import type { Auth } from './auth/index.ts';
import type { Principal } from './auth/principal.ts';
import type { TokenMeter } from './auth/token-meter.ts';
import type { Config } from './config.ts';
import type { Versions } from './history/versions.ts';
import type { Bus } from './live/bus.ts';
import type { LiveHub } from './live/hub.ts';
import type { Collector } from './metric/collector.ts';
import type { Metrics } from './metric/registry.ts';
import type { Rooms } from './room/rooms.ts';

/** What the routes are made of. */
export interface Deps {
  readonly config: Config;
  readonly pool: pg.Pool;
  readonly bus: Bus;
  readonly auth: Auth;
  readonly meter: TokenMeter;
  readonly rooms: Rooms;
  readonly live: LiveHub;
  readonly versions: Versions;
  readonly metrics: Metrics;
  readonly collector: Collector;
  readonly log: Logger;
  /** Null when nobody wants them. */
  readonly spans: SpanSink | null;
  readonly now: () => number;
  /** Why the server is not ready, or null. */
  readonly notReady: () => string | null;
}

/** What a request carries through the middleware. */
export interface AppEnv {
  Bindings: {
    /** The peer of the socket; empty for calls from inside the process. */
    readonly remoteAddress: string;
    /** Made by our own SSR: no browser sent it, so its Origin says nothing. */
    readonly inProcess: boolean;
  };
  Variables: {
    requestId: string;
    /** The id of the trace that the request is in. */
    trace: string;
    principal: Principal | null;
    /** Below a path of one notebook: the same person with their role in the workspace. */
    member: Principal | undefined;
    via: 'cookie' | 'bearer' | 'none';
  };
}
