import type { PreviewError, PreviewResult, Where } from './result.ts';

export type PreviewState = 'idle' | 'running' | 'ok' | 'error';

/** What is known of one cell's result: the last good one stays while the next is made or while the text is wrong. */
export class CellPreview {
  state = $state.raw<PreviewState>('idle');
  /** The last good result. */
  result = $state.raw<PreviewResult | null>(null);
  error = $state.raw<PreviewError | null>(null);
  /** Where the running or last attempt was made. */
  engine = $state.raw<Where>('browser');
  /** The browser's engine is being loaded, which the first result waits for. */
  starting = $state.raw(false);
  /** Epoch ms of the running attempt's start. */
  startedAt = $state.raw<number | null>(null);
  /** True when `result` is not of the text as it stands now. */
  readonly outdated = $derived(this.result !== null && (this.state === 'error' || this.state === 'running'));
}
