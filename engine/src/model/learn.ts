import { writeFileSync } from 'node:fs';
import { Fault } from '@datacraft/shared';
import type { Progress } from './forest.ts';
import type { JobAnswer, LearnJob } from './job.ts';
import { encodeModel } from './model-file.ts';
import { readArrow, trainTableOf } from './read-arrow.ts';
import type { Scored } from './train.ts';
import { train } from './train.ts';

const MOST_CLASSES = 100;

/** Trains on the rows of a file and writes those of the hold-out, scored. */
export function learn(job: LearnJob, onProgress: Progress): JobAnswer {
  const table = trainTableOf(job, readArrow(job.file));
  const { task, algorithm, seed } = job.request;
  if (table.classes.length > MOST_CLASSES) {
    const message = `\`${job.target?.name ?? ''}\` has ${table.classes.length} different values: that is no class; use task: regression, or group them first`;
    throw new Fault('query-failed', message);
  }
  const { body, report, scored } = train(job.request, table, onProgress);
  writeFileSync(job.scoredFile, scoredCsv(scored));
  const { target, keys } = job;
  const bytes = encodeModel({
    task,
    algorithm,
    target: target && { name: target.name, type: target.type },
    classes: table.classes,
    features: table.features,
    keys,
    seed,
    body,
  });
  return { bytes, report };
}

function scoredCsv({ rows, prediction, second }: Scored): string {
  const lines = Array.from(rows, (row, at) => `${row},${prediction[at] ?? ''},${second?.[at] ?? ''}`);
  return `${['row,prediction,second', ...lines].join('\n')}\n`;
}
