import type { Lesson } from '@datacraft/engine/learning';
import type { JsonObject, ModelReport, Said } from '@datacraft/shared';
import type { FeatureTable, LessonRows, Reader } from './lesson-rows.ts';
import type { Asked, Told } from './worker.ts';

export interface Outcome extends Pick<LessonRows, 'count' | 'of' | 'isWhole'> {
  readonly report: ModelReport;
  /** Of the model's file, in hexadecimal; null where the page may not compute it (plain HTTP). */
  readonly sha256: string | null;
  readonly ms: number;
}

/** What made the training fail, in its own words. */
export type Failure =
  { readonly message: string; readonly said: Said | undefined } | { readonly unknownFeatures: string };

/**
 * A model that is trained in this page, to be looked at: nothing of it is registered.
 *
 * P1  A newer start, a cancel and the end of the page end the thread at once; nothing late is shown.
 * P2  Of the same rows, text and seed it is, byte for byte, the model that a run makes.
 */
export class Training {
  state = $state.raw<'idle' | 'reading' | 'training' | 'done' | 'failed'>('idle');
  share = $state.raw(0);
  /** Losses so far, while it trains. */
  curve = $state.raw<NonNullable<ModelReport['curve']>>([]);
  outcome = $state.raw<Outcome | null>(null);
  failure = $state.raw<Failure | null>(null);
  /** What the cell said when it was started. */
  asked = $state.raw('');
  #abort: AbortController | null = null;

  get isRunning(): boolean {
    return this.state === 'reading' || this.state === 'training';
  }

  async start(config: JsonObject, tables: ReadonlyMap<string, FeatureTable>, reader: Reader): Promise<void> {
    this.cancel();
    const abort = new AbortController();
    const { signal } = abort;
    this.#abort = abort;
    const startMs = performance.now();
    Object.assign(this, { state: 'reading', share: 0, curve: [], failure: null, asked: JSON.stringify(config) });
    try {
      const { lessonRows } = await import('./lesson-rows.ts');
      const { lesson, rows, count, of, isWhole, notes } = await lessonRows(config, tables, reader, signal);
      signal.throwIfAborted();
      this.state = 'training';
      const { report, bytes } = await this.#inWorker(lesson, rows, signal);
      const sha256 = await hashOf(bytes);
      signal.throwIfAborted();
      const shown = { ...report, notes: [...notes, ...report.notes] };
      this.outcome = { report: shown, sha256, count, of, isWhole, ms: performance.now() - startMs };
      this.state = 'done';
    } catch (error) {
      if (signal.aborted) return;
      this.failure = failureOf(error);
      this.state = 'failed';
    }
  }

  cancel(): void {
    this.#abort?.abort();
    this.#abort = null;
    if (this.isRunning) this.state = this.outcome === null ? 'idle' : 'done';
  }

  close(): void {
    this.cancel();
    Object.assign(this, { state: 'idle', outcome: null, failure: null });
  }

  #inWorker(
    lesson: Lesson,
    rows: Uint8Array,
    signal: AbortSignal,
  ): Promise<{ report: ModelReport; bytes: Uint8Array }> {
    const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' });
    const answered = new Promise<{ report: ModelReport; bytes: Uint8Array }>((resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason), { once: true });
      worker.addEventListener('error', (event) => reject(new Error(event.message || 'the worker failed')));
      worker.addEventListener('message', ({ data }: MessageEvent<Told>) => {
        if (data.kind === 'answer') resolve(data);
        else if (data.kind === 'failure') reject(Object.assign(new Error(data.message), { said: data.said }));
        else {
          this.share = data.share;
          if (data.curve !== undefined) this.curve = data.curve;
        }
      });
    });
    worker.postMessage({ lesson, rows } satisfies Asked, [rows.buffer]);
    return answered.finally(() => worker.terminate());
  }
}

async function hashOf(bytes: Uint8Array): Promise<string | null> {
  if (!isSecureContext) return null;
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes as Uint8Array<ArrayBuffer>));
  return Array.from(hash, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

function failureOf(error: unknown): Failure {
  if (error instanceof Error && 'table' in error && typeof error.table === 'string')
    return { unknownFeatures: error.table };
  const said = error instanceof Error && 'said' in error ? (error.said as Said | undefined) : undefined;
  return { message: error instanceof Error ? error.message : String(error), said };
}
