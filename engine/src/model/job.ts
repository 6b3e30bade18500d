import type { Column, FaultCode, FaultFacts, ParamValues } from '@datacraft/shared';
import type { LessonAnswer, Lesson } from './lesson.ts';

/**
 * What a training thread is told: an Arrow file of rows, whose columns are `f0`, `f1`, … for features, `target` and
 * `by`; and where to write what it finds.
 */
export interface LearnJob extends Lesson {
  readonly kind: 'learn';
  readonly file: string;
  /** Scored rows go here: the row, the prediction and its second number, as CSV. */
  readonly scoredFile: string;
  /** The version that answers now. */
  readonly champion: { readonly version: number; readonly bytes: Uint8Array } | null;
}

/** Columns are `time` in seconds (or as the number it is), `target`, `d0`, `d1`, … for drivers, and `scenario`. */
export interface ForecastJob {
  readonly kind: 'forecast';
  readonly file: string;
  readonly scoredFile: string;
  readonly horizon: number | null;
  readonly level: number;
  readonly params: ParamValues;
  readonly time: Column;
  readonly isCalendar: boolean;
  readonly target: Column;
  readonly drivers: readonly Column[];
  readonly scenario: Column | null;
  readonly seed: number;
}

export type Job = LearnJob | ForecastJob;

export type JobAnswer = LessonAnswer;

export type FromThread =
  | { readonly kind: 'progress'; readonly share: number }
  | { readonly kind: 'answer'; readonly answer: JobAnswer }
  | { readonly kind: 'fault'; readonly code: FaultCode; readonly message: string; readonly facts: FaultFacts };
