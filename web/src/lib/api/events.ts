import type { NotebookEvent } from '@datacraft/shared';
import { base } from './client.ts';

/**
 * The notebook's event stream. The browser's EventSource reconnects after a broken line; after a refused one it gives
 * up, so we open a new one with a growing pause. Each new stream begins with the whole state, so nothing is missed.
 */
export function listen(
  notebookId: string,
  onEvent: (event: NotebookEvent) => void,
  onState: (open: boolean) => void,
): () => void {
  let source: EventSource | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let pause = 500;
  let stopped = false;

  function receive(message: MessageEvent<string>): void {
    onEvent(JSON.parse(message.data) as NotebookEvent);
  }
  function open(): void {
    source = new EventSource(`${base}/notebooks/${encodeURIComponent(notebookId)}/events`);
    source.onopen = () => {
      pause = 500;
      onState(true);
    };
    source.onmessage = receive;
    // Servers may name the events by their type; both forms carry the same JSON.
    for (const type of ['graph', 'run', 'task', 'reading', 'comments', 'versions', 'access'])
      source.addEventListener(type, receive);
    source.onerror = () => {
      onState(false);
      if (source?.readyState !== EventSource.CLOSED || stopped) return;
      timer = setTimeout(open, pause);
      pause = Math.min(pause * 2, 15_000);
    };
  }
  open();
  return () => {
    stopped = true;
    clearTimeout(timer);
    source?.close();
  };
}
