import { readFileSync, writeFileSync } from 'node:fs';
import type { ModelReport, Said } from '@datacraft/shared';
import { Fault, say, worded } from '@datacraft/shared';
import type { Grain } from './calendar.ts';
import { after, grainOf, isDaily, withoutGaps } from './calendar.ts';
import type { BackTest } from './forecast.ts';
import { backTest, forecastSeries } from './forecast.ts';
import type { Progress } from './forest.ts';
import type { ForecastJob, JobAnswer } from './job.ts';
import { encodeModel } from './model-file.ts';
import { readArrow } from './read-arrow.ts';
import { seriesParams } from './series-params.ts';

const FEWEST_STEPS = 4;

/** Forecasts the series of a file and writes the steps to come. */
export function learnSeries(job: ForecastJob, onProgress: Progress): JobAnswer {
  const read = readArrow(readFileSync(job.file));
  const times = read.numbers('time');
  const values = read.numbers('target');
  refuseUnordered(job, times);
  const grain = grainOf(times, job.isCalendar);
  const known = values.filter((value) => !Number.isNaN(value)).length;
  if (grain === null || known < FEWEST_STEPS) {
    const message = say('{known} rows with a `{target}` are too few to forecast from: at least {least} are needed', {
      known,
      target: job.target.name,
      least: FEWEST_STEPS,
    });
    throw new Fault('query-failed', message);
  }
  const whole = withoutGaps(times, values, grain);
  const params = seriesParams(whole, grain, job, job.horizon);
  const { period } = params;
  if (params.log === 'yes' && whole.values.some((value) => value <= 0))
    throw new Fault(
      'query-failed',
      say('`log: yes` needs a `{target}` above 0 in every row', { target: job.target.name }),
    );
  const tested = backTest(whole.values, params);
  onProgress(0.5);
  const found = forecastSeries(whole.values, params);
  const last = whole.times.at(-1) ?? 0;
  const told = found.point.map((point, at) => ({
    at: after(last, grain, at + 1),
    point,
    lower: found.lower[at] ?? point,
    upper: found.upper[at] ?? point,
  }));
  const lines = told.map(({ at, point, lower, upper }) => `${timeText(at, job.isCalendar)},${point},${lower},${upper}`);
  writeFileSync(job.scoredFile, `${['at,forecast,lower,upper', ...lines].join('\n')}\n`);
  onProgress(1);
  const series = { period, method: found.method, log: found.log, filled: whole.filled };
  return {
    bytes: encodeModel({
      task: 'forecast',
      algorithm: 'seasonal',
      target: { name: job.target.name, type: job.target.type },
      classes: [],
      features: [],
      keys: [],
      seed: job.seed,
      body: { kind: 'series', level: job.level, time: job.time.name, isCalendar: job.isCalendar, steps: told },
    }),
    report: reportOf(job, whole.values.length, tested, series, grain),
  };
}

function reportOf(
  job: ForecastJob,
  rows: number,
  tested: BackTest | null,
  series: NonNullable<ModelReport['series']>,
  grain: Grain,
): ModelReport {
  const { origins = [], metrics } = tested ?? {};
  const notes = [
    ...(series.filled > 0
      ? [say('steps without a value, filled between their neighbours: {count}', { count: series.filled })]
      : []),
    ...(job.params['holidays'] === 'BR' && !isDaily(grain, job.isCalendar)
      ? [say('holidays are told of days alone: this series has another step')]
      : []),
    ...(series.method === 'naive' ? [naiveNote(series.period)] : []),
    ...(grain.kind === 'steps' && series.period === 1 && job.isCalendar
      ? [say('no season is known for this step: set `params: { period: … }` if there is one')]
      : []),
  ];
  return {
    task: 'forecast',
    algorithm: 'seasonal',
    target: job.target.name,
    rows: { train: rows, test: origins.reduce((sum, { test }) => sum + test, 0), withoutTarget: series.filled },
    metrics: { ...metrics },
    ...(origins.length > 0 ? { folds: origins.map((each) => ({ ...each, metrics: { ...each.metrics } })) } : {}),
    series,
    notes: notes.map(worded),
  };
}

function naiveNote(period: number): Said {
  return period > 1
    ? say('two seasons of {period} steps are needed to learn a season: the last one is repeated with its drift', {
        period,
      })
    : say('without a season the last value goes on with its drift');
}

function refuseUnordered({ time }: ForecastJob, times: Float64Array): void {
  const missing = times.filter((value) => Number.isNaN(value)).length;
  if (missing > 0) {
    throw new Fault(
      'query-failed',
      say('{missing} rows have no `{time}`: leave them out of what is forecast', { missing, time: time.name }),
    );
  }
  const twice = times.findIndex((value, at) => at > 0 && value === times[at - 1]);
  if (twice < 0) return;
  const which = timeText(times[twice] ?? 0, true).replace(/T00:00:00.000Z$/, '');
  const message = say('more than one row has the `{time}` {which}: sum or average them first, one row a step', {
    time: time.name,
    which,
  });
  throw new Fault('query-failed', message);
}

function timeText(at: number, isCalendar: boolean): string {
  return isCalendar ? new Date(Math.round(at * 1000)).toISOString() : String(at);
}
