import { writeFileSync } from 'node:fs';
import type { DecisionRule } from '@datacraft/shared';
import { decide, Fault, say } from '@datacraft/shared';
import { judgeChampion } from './champion.ts';
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
    const message = say(
      '`{target}` has {count} different values: that is no class; use task: regression, or group them first',
      { target: job.target?.name ?? '', count: table.classes.length },
    );
    throw new Fault('query-failed', message);
  }
  const { body, report, scored } = train(job.request, table, onProgress);
  const { decision } = job.request;
  writeFileSync(job.scoredFile, scoredCsv(scored, decision));
  const { target, keys, lookups, champion } = job;
  const bytes = encodeModel({
    task,
    algorithm,
    target: target && { name: target.name, type: target.type },
    classes: table.classes,
    features: table.features,
    keys,
    seed,
    ...(decision === null ? {} : { decision }),
    ...(lookups.length === 0 ? {} : { lookups }),
    body,
  });
  const judged = champion === null ? null : judgeChampion(champion, table, scored.rows);
  return { bytes, report: judged === null ? report : { ...report, champion: judged } };
}

function scoredCsv({ rows, prediction, second }: Scored, decision: DecisionRule | null): string {
  const decided = (at: number) => (decision === null ? '' : decide(decision, second?.[at] ?? 0));
  const lines = Array.from(rows, (row, at) => `${row},${prediction[at] ?? ''},${second?.[at] ?? ''},${decided(at)}`);
  return `${['row,prediction,second,decision', ...lines].join('\n')}\n`;
}
