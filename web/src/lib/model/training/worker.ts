/** The thread of the browser that trains one model and ends. It is stopped without being asked. */
import { type Lesson, readArrow, takeLesson } from '@datacraft/engine/learning';
import { isFault, type ModelReport, type Said } from '@datacraft/shared';

export interface Asked {
  readonly lesson: Lesson;
  /** Arrow. */
  readonly rows: Uint8Array;
}

export type Told =
  | { readonly kind: 'progress'; readonly share: number; readonly curve: ModelReport['curve'] }
  | { readonly kind: 'answer'; readonly report: ModelReport; readonly bytes: Uint8Array }
  | { readonly kind: 'failure'; readonly message: string; readonly said: Said | undefined };

/** Pictures are drawn no faster, and of no more points. */
const EVERY_MS = 200;
const MOST_POINTS = 150;
const tell = (told: Told) => self.postMessage(told);

self.addEventListener('message', ({ data: { lesson, rows } }: MessageEvent<Asked>) => {
  let toldMs = 0;
  try {
    const { report, bytes } = takeLesson(lesson, readArrow(rows), (share, curve) => {
      if (performance.now() - toldMs < EVERY_MS) return;
      toldMs = performance.now();
      tell({ kind: 'progress', share, curve: curve && thinned(curve) });
    });
    tell({ kind: 'answer', report, bytes });
  } catch (error) {
    if (!isFault(error)) throw error;
    tell({ kind: 'failure', message: error.message, said: error.said });
  }
});

function thinned<Point>(points: readonly Point[]): readonly Point[] {
  const step = Math.ceil(points.length / MOST_POINTS);
  return points.filter((_, at) => at % step === 0);
}
