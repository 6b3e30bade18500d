/** Where the bars of a run stand on one line of time. Pure: the clock is an argument. */
import type { TaskReport } from '@datacraft/shared';

export interface Bar {
  /** Shares of the whole width, 0 to 1. */
  readonly from: number;
  readonly length: number;
}

export interface Timeline {
  readonly totalMs: number;
  /** Round moments, in ms after the start. */
  readonly ticks: readonly number[];
  barOf(task: TaskReport): Bar | null;
}

const ROUND = [1, 2, 5];

/** Runs of an older server tell no starts: their bars begin at zero and only their lengths say something. */
export function timelineOf(tasks: readonly TaskReport[], runStartedAt: string | null, nowMs: number): Timeline {
  const starts = tasks.flatMap((task) => (task.startedAt === undefined ? [] : [Date.parse(task.startedAt)]));
  const zero = Math.min(...starts, ...(runStartedAt === null || starts.length === 0 ? [] : [Date.parse(runStartedAt)]));
  const spanOf = (task: TaskReport) => {
    if (task.state === 'skipped' || task.state === 'queued') return null;
    const from = task.startedAt === undefined ? 0 : Date.parse(task.startedAt) - zero;
    const running = task.state === 'running' && task.startedAt !== undefined;
    const length = running ? Math.max(0, nowMs - zero - from) : task.durationMs;
    return length === null ? null : { from, length };
  };
  const totalMs = Math.max(1, ...tasks.map(spanOf).map((span) => (span === null ? 0 : span.from + span.length)));
  return {
    totalMs,
    ticks: ticksOf(totalMs),
    barOf: (task) => {
      const span = spanOf(task);
      return span === null ? null : { from: span.from / totalMs, length: span.length / totalMs };
    },
  };
}

/** Zero and at most five round steps after it, of whole milliseconds: durations are told so. */
export function ticksOf(totalMs: number): number[] {
  if (totalMs <= 1) return [0];
  const power = 10 ** Math.floor(Math.log10(totalMs / 4));
  const step = [...ROUND, 10].map((factor) => factor * power).find((size) => totalMs / size <= 5) ?? totalMs;
  const whole = Math.max(1, step);
  return Array.from({ length: Math.floor(totalMs / whole) + 1 }, (_, index) => Math.round(index * whole));
}
