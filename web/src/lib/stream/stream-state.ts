import type { StreamSummary } from '@datacraft/shared';
import type { MarkState } from '#lib/ui/state.ts';

export function markOfStream({ state, running, progress }: StreamSummary): MarkState {
  if (state === 'failed') return 'failed';
  if (state === 'paused') return 'stale';
  return running && progress.waiting === undefined ? 'fresh' : 'running';
}
