/**
 * Tells whoever looks at a dashboard that it has newer data. What it is lies in `data`, whose answers all viewers share.
 *
 * I6  It says no name of a table, a cell or a stream.
 */
import type { StreamSummary } from '@datacraft/shared';
import type { SSEStreamingApi } from 'hono/streaming';
import type { Bus } from '../live/bus.ts';
import type { LiveHub } from '../live/hub.ts';

const LOOK_EVERY_MS = 15_000;

export interface NewerDeps {
  readonly reads: ReadonlySet<string>;
  isLive(): Promise<boolean>;
  /** The link still shows this version. */
  isShared(): Promise<boolean>;
  readonly bus: Bus;
  readonly live: Pick<LiveHub, 'onStop'>;
}

type Told = { readonly type: 'live'; readonly live: boolean } | { readonly type: 'data' } | { readonly type: 'ping' };

/** Runs until the viewer goes, the link is revoked or another version is published. */
export async function tellNewer(stream: SSEStreamingApi, deps: NewerDeps): Promise<void> {
  const waiting = new Map<Told['type'], Told>();
  let wake = () => {};
  let ended = false;
  const end = () => {
    ended = true;
    wake();
  };
  const tell = (told: Told) => {
    waiting.set(told.type, told);
    wake();
  };
  const look = async () => {
    if (!(await deps.isShared())) return end();
    tell({ type: 'live', live: await deps.isLive() });
  };
  const timer = setInterval(() => {
    tell({ type: 'ping' });
    look().catch(end); // the page opens it again
  }, LOOK_EVERY_MS);
  const stops = [
    deps.bus.subscribe('tables', ({ tables }) => {
      if (tables.some((table) => deps.reads.has(table))) tell({ type: 'data' });
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

/** Whether a stream's last commit wrote what is shown, or its own table is. */
export function fed({ relation, progress }: StreamSummary, reads: ReadonlySet<string>): boolean {
  return reads.has(relation) || (progress.tables ?? []).some((table) => reads.has(table));
}
