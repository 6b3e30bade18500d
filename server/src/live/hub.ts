import type { NotebookEvent } from '@datacraft/shared';
import type { Bus } from './bus.ts';

/**
 * Run and graph events fanned out to the people in a notebook, in all server processes. Whoever comes later first
 * hears the last graph and the last run, so that a stream alone tells the whole state.
 */
export interface LiveHub {
  publish(notebookId: string, event: NotebookEvent): Promise<void>;
  /** To the people of this process alone: every process hears of it by itself. Answers whether there are any. */
  tellHere(notebookId: string, event: NotebookEvent): boolean;
  subscribe(notebookId: string, listener: (event: NotebookEvent) => void): () => void;
  /** Hears of the first subscriber of a notebook: the time to compute its graph. Answers the way to stop. */
  onFirstSubscriber(listener: (notebookId: string) => void): () => void;
  subscribers(): number;
  /** Ends all streams; the server goes down. */
  stop(): void;
  onStop(listener: () => void): () => void;
}

interface Channel {
  readonly listeners: Set<(event: NotebookEvent) => void>;
  graph: NotebookEvent | null;
  run: NotebookEvent | null;
}

const MAX_QUIET_CHANNELS = 500;

export function createLiveHub(bus: Bus): LiveHub {
  const channels = new Map<string, Channel>();
  const firstListeners = new Set<(notebookId: string) => void>();
  const stopListeners = new Set<() => void>();
  const channelOf = (notebookId: string): Channel => {
    const channel = channels.get(notebookId) ?? { listeners: new Set(), graph: null, run: null };
    channels.delete(notebookId);
    channels.set(notebookId, channel);
    forgetQuiet(channels);
    return channel;
  };
  bus.subscribe('event', ({ notebookId, event }) => {
    const told = event as NotebookEvent;
    const channel = channelOf(notebookId);
    if (told.type === 'graph') channel.graph = told;
    if (told.type === 'run') channel.run = told;
    for (const listener of channel.listeners) listener(told);
  });
  return {
    tellHere(notebookId, event) {
      const listeners = channels.get(notebookId)?.listeners ?? new Set();
      for (const listener of listeners) listener(event);
      return listeners.size > 0;
    },
    publish: (notebookId, event) => bus.publish('event', { notebookId, event }),
    subscribe(notebookId, listener) {
      const channel = channelOf(notebookId);
      channel.listeners.add(listener);
      if (channel.graph) listener(channel.graph);
      if (channel.run) listener(channel.run);
      if (channel.listeners.size === 1) for (const first of firstListeners) first(notebookId);
      return () => channel.listeners.delete(listener);
    },
    onFirstSubscriber(listener) {
      firstListeners.add(listener);
      return () => firstListeners.delete(listener);
    },
    stop: () => stopListeners.forEach((listener) => listener()),
    onStop(listener) {
      stopListeners.add(listener);
      return () => stopListeners.delete(listener);
    },
    subscribers: () => [...channels.values()].reduce((sum, channel) => sum + channel.listeners.size, 0),
  };
}

/** The oldest channels that nobody listens to; what they knew is computed again when somebody comes. */
function forgetQuiet(channels: Map<string, Channel>): void {
  if (channels.size <= MAX_QUIET_CHANNELS) return;
  for (const [notebookId, channel] of channels) {
    if (channel.listeners.size === 0) channels.delete(notebookId);
    if (channels.size <= MAX_QUIET_CHANNELS) return;
  }
}
