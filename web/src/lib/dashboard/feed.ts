import type { DashboardEvent } from '@datacraft/shared';
import { base } from '#lib/api/client.ts';

/** `lost`: the line is broken, and a new one could not be had for a while. */
export type FeedEvent = DashboardEvent | { type: 'lost' };

/** A line that breaks and is back meanwhile is nothing to speak of. */
const LOST_AFTER_MS = 5_000;
const LONGEST_PAUSE_MS = 30_000;

/** Hears what the streams behind a published dashboard do, and of newer data. A line that ends is opened again, later each time. */
export function listenToFeed(token: string, heard: (event: FeedEvent) => void): () => void {
  let source: EventSource | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let pauseMs = 1_000;
  let losing: ReturnType<typeof setTimeout> | undefined;
  let wasBroken = false;
  const opened = (): void => {
    pauseMs = 1_000;
    clearTimeout(losing);
    losing = undefined;
    if (wasBroken) heard({ type: 'data' }); // what was said meanwhile was not heard
    wasBroken = false;
  };
  const broke = (): void => {
    wasBroken = true;
    losing ??= setTimeout(() => heard({ type: 'lost' }), LOST_AFTER_MS);
  };
  const open = (): void => {
    source = new EventSource(`${base}/dashboards/${encodeURIComponent(token)}/events`);
    source.onopen = opened;
    source.onmessage = (message: MessageEvent<string>) => heard(JSON.parse(message.data) as FeedEvent);
    source.onerror = () => {
      broke();
      if (source?.readyState !== EventSource.CLOSED) return;
      timer = setTimeout(open, pauseMs);
      pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
    };
  };
  open();
  return () => {
    clearTimeout(timer);
    clearTimeout(losing);
    source?.close();
  };
}
