/**
 * Tells whoever looks at a dashboard that it has newer data, and what the streams behind it do. What the data is lies in
 * `data`, whose answers all viewers share.
 *
 * I6  It says no name of a table, a cell or a stream.
 */
import type { DashboardEvent } from '@datacraft/shared';
import type { SSEStreamingApi } from 'hono/streaming';
import type { Bus } from '../live/bus.ts';
import type { LiveHub } from '../live/hub.ts';
import type { Feeds } from './flows.ts';
import { flowsOf } from './flows.ts';
import type { Standings } from './standings.ts';

const LOOK_EVERY_MS = 15_000;

export interface NewerDeps {
  readonly feeds: Feeds;
  readonly standings: Standings;
  now(): number;
  /** The link still shows this version. */
  isShared(): Promise<boolean>;
  readonly bus: Bus;
  readonly live: Pick<LiveHub, 'onStop'>;
}

/** Runs until the viewer goes, the link is revoked or another version is published. */
export async function tellNewer(stream: SSEStreamingApi, deps: NewerDeps): Promise<void> {
  const waiting = new Map<DashboardEvent['type'], DashboardEvent>();
  let wake = () => {};
  let ended = false;
  const end = () => {
    ended = true;
    wake();
  };
  const tell = (told: DashboardEvent) => {
    waiting.set(told.type, told);
    wake();
  };
  const look = async () => {
    if (!(await deps.isShared())) end();
  };
  const timer = setInterval(() => {
    tell({ type: 'ping' });
    look().catch(end); // the page opens it again
  }, LOOK_EVERY_MS);
  let lastTold = '';
  const stops = [
    deps.standings.subscribe((standings) => {
      const told = flowsOf(deps.feeds, standings, deps.now());
      if (JSON.stringify(told) === lastTold) return;
      lastTold = JSON.stringify(told);
      tell(told);
    }),
    deps.bus.subscribe('tables', ({ tables }) => {
      if (tables.some((table) => deps.feeds.reads.has(table))) tell({ type: 'data' });
    }),
    deps.bus.onGap(() => tell({ type: 'data' })), // what was said meanwhile was not heard
    deps.live.onStop(end),
  ];
  stream.onAbort(end);
  await look();
  while (!ended) {
    const [next] = waiting.values();
    if (!next) {
      await new Promise<void>((resolve) => (wake = resolve));
      continue;
    }
    waiting.delete(next.type);
    await stream.writeSSE({ data: JSON.stringify(next) });
  }
  clearInterval(timer);
  for (const stop of stops) stop();
}
