import type { StreamSummary } from '@datacraft/shared';
import type { MarkState } from '#lib/ui/state.ts';

export function markOfStream(stream: StreamSummary): MarkState {
  if (stream.state === 'failed') return 'failed';
  if (stream.state === 'paused' || isWaiting(stream)) return 'stale';
  return stream.running ? 'fresh' : 'running';
}

/** It is live, but nothing comes: its source is away, or a commit is tried again. */
export function isWaiting({ state, progress }: Pick<StreamSummary, 'state' | 'progress'>): boolean {
  return state === 'live' && progress.waiting !== undefined;
}
