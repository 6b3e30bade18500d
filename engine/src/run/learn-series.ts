import { join } from 'node:path';
import { kindOf } from '../model/role.ts';
import { forecastSelect, seriesSelect } from '../model/learn-sql.ts';
import type { Learned, ModelWork } from './model-work.ts';
import { paramsOf, SEED } from '../model/lesson.ts';
import { columnOf, trained, wrongType } from './model-work.ts';

const LEVEL = 0.95;

/** Learns a series, and says its steps to come. */
export async function forecast(work: ModelWork): Promise<Learned> {
  const { cell, task, session } = work;
  const { spec } = cell;
  const time = columnOf(work, 'time_column', spec.time_column ?? '');
  const target = columnOf(work, 'target', spec.target ?? '');
  const kind = kindOf(time.type);
  if (kind !== 'time' && kind !== 'number')
    throw wrongType(cell, 'time_column', time, 'a forecast goes along dates or numbers');
  if (kindOf(target.type) !== 'number') throw wrongType(cell, 'target', target, 'a forecast predicts numbers');
  const isCalendar = kind === 'time';
  const file = join(task.dir, 'series.arrow');
  await session.arrow(seriesSelect(time, target), { file });
  const scoredFile = join(task.dir, 'forecast.csv');
  const params = paramsOf(spec);
  const shape = { horizon: spec.horizon ?? null, level: spec.level ?? LEVEL, params, seed: spec.split?.seed ?? SEED };
  const answer = await trained({ kind: 'forecast', file, scoredFile, ...shape, time, target, isCalendar }, work);
  return { answer, select: forecastSelect(time, target, isCalendar, scoredFile), notes: [] };
}
