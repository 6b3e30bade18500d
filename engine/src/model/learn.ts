import { readFileSync, writeFileSync } from 'node:fs';
import type { DecisionRule } from '@datacraft/shared';
import { decide } from '@datacraft/shared';
import { judgeChampion } from './champion.ts';
import type { Progress } from './forest.ts';
import type { JobAnswer, LearnJob } from './job.ts';
import { readArrow } from './read-arrow.ts';
import { takeLesson } from './take-lesson.ts';
import type { Scored } from './train.ts';

/** Trains on the rows of a file and writes those of the hold-out, scored. */
export function learn(job: LearnJob, onProgress: Progress): JobAnswer {
  const { bytes, report, table, scored } = takeLesson(job, readArrow(readFileSync(job.file)), onProgress);
  writeFileSync(job.scoredFile, scoredCsv(scored, job.request.decision));
  const judged = job.champion === null ? null : judgeChampion(job.champion, table, scored.rows);
  return { bytes, report: judged === null ? report : { ...report, champion: judged } };
}

function scoredCsv({ rows, prediction, second }: Scored, decision: DecisionRule | null): string {
  const decided = (at: number) => (decision === null ? '' : decide(decision, second?.[at] ?? 0));
  const lines = Array.from(rows, (row, at) => `${row},${prediction[at] ?? ''},${second?.[at] ?? ''},${decided(at)}`);
  return `${['row,prediction,second,decision', ...lines].join('\n')}\n`;
}
