import { base } from '#lib/api/client.ts';

export type FeedEvent = { type: 'live'; live: boolean } | { type: 'data' } | { type: 'ping' };

const LONGEST_PAUSE_MS = 30_000;

/** Hears whether a published dashboard is fed by streams, and of newer data. A line that ends is opened again, later each time. */
export function listenToFeed(token: string, heard: (event: FeedEvent) => void): () => void {
  let source: EventSource | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let pauseMs = 1_000;
  const open = (): void => {
    source = new EventSource(`${base}/dashboards/${encodeURIComponent(token)}/events`);
    source.onopen = () => (pauseMs = 1_000);
    source.onmessage = (message: MessageEvent<string>) => heard(JSON.parse(message.data) as FeedEvent);
    source.onerror = () => {
      if (source?.readyState !== EventSource.CLOSED) return;
      timer = setTimeout(open, pauseMs);
      pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
    };
  };
  open();
  return () => {
    clearTimeout(timer);
    source?.close();
  };
}
