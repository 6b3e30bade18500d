import { join } from 'node:path';
import type { Column } from '@datacraft/shared';
import { columnList } from '@datacraft/shared';
import { paramsOf, SEED } from '../model/lesson.ts';
import { kindOf } from '../model/role.ts';
import type { SeriesColumns } from '../model/series-sql.ts';
import { forecastSelect, seriesSelect } from '../model/series-sql.ts';
import type { Learned, ModelWork } from './model-work.ts';
import { columnOf, trained, wrongType } from './model-work.ts';

const LEVEL = 0.95;

/** Learns a series, and says its steps to come. */
export async function forecast(work: ModelWork): Promise<Learned> {
  const { task, session, cell } = work;
  const { spec } = cell;
  const columns = seriesColumns(work);
  const isCalendar = kindOf(columns.time.type) === 'time';
  const file = join(task.dir, 'series.arrow');
  await session.arrow(seriesSelect(columns), { file });
  const scoredFile = join(task.dir, 'forecast.csv');
  const params = paramsOf(spec);
  const shape = { horizon: spec.horizon ?? null, level: spec.level ?? LEVEL, params, seed: spec.split?.seed ?? SEED };
  const answer = await trained({ kind: 'forecast', file, scoredFile, ...shape, ...columns, isCalendar }, work);
  return { answer, select: forecastSelect(columns, isCalendar, scoredFile), notes: [] };
}

function seriesColumns(work: ModelWork): SeriesColumns {
  const { cell } = work;
  const { spec } = cell;
  const time = columnOf(work, 'time_column', spec.time_column ?? '');
  const target = columnOf(work, 'target', spec.target ?? '');
  const kind = kindOf(time.type);
  if (kind !== 'time' && kind !== 'number')
    throw wrongType(cell, 'time_column', time, 'a forecast goes along dates or numbers');
  if (kindOf(target.type) !== 'number') throw wrongType(cell, 'target', target, 'a forecast predicts numbers');
  const drivers = columnList(spec.features).map((name) => driverOf(work, name));
  const scenario = spec.scenario_column === undefined ? null : columnOf(work, 'scenario_column', spec.scenario_column);
  return { time, target, drivers, scenario };
}

function driverOf(work: ModelWork, name: string): Column {
  const { cell } = work;
  const driver = columnOf(work, 'features', name);
  const kind = kindOf(driver.type);
  if (name === cell.spec.target || name === cell.spec.time_column)
    throw wrongType(cell, 'features', driver, 'what drives a series is neither its time nor its target');
  if (kind !== 'number' && kind !== 'boolean')
    throw wrongType(cell, 'features', driver, 'what drives a series is a number, or true and false');
  return driver;
}
