import { Fault, say } from '@datacraft/shared';
import type { Progress } from './forest.ts';
import type { Lesson, LessonAnswer } from './lesson.ts';
import { encodeModel } from './model-file.ts';
import type { ArrowColumns } from './read-arrow.ts';
import { trainTableOf } from './read-arrow.ts';
import type { TrainTable } from './table.ts';
import type { Scored } from './train.ts';
import { train } from './train.ts';

const MOST_CLASSES = 100;

export interface Taken extends LessonAnswer {
  readonly table: TrainTable;
  readonly scored: Scored;
}

/** Trains on rows: the same ones give the same bytes, in a thread of a server or in a browser. */
export function takeLesson(lesson: Lesson, rows: ArrowColumns, onProgress: Progress): Taken {
  const table = trainTableOf(lesson, rows);
  const { request, target, keys, lookups } = lesson;
  if (table.classes.length > MOST_CLASSES) {
    const message = say(
      '`{target}` has {count} different values: that is no class; use task: regression, or group them first',
      { target: target?.name ?? '', count: table.classes.length },
    );
    throw new Fault('query-failed', message);
  }
  const { body, report, scored } = train(request, table, onProgress);
  const { task, algorithm, seed, decision } = request;
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
  return { bytes, report, table, scored };
}
