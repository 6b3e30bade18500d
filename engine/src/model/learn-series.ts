import { writeFileSync } from 'node:fs';
import type { ModelReport } from '@datacraft/shared';
import { Fault, say } from '@datacraft/shared';
import type { Grain } from './calendar.ts';
import { after, grainOf, periodOf, withoutGaps } from './calendar.ts';
import type { BackTest, ForecastParams } from './forecast.ts';
import { backTest, forecastSeries } from './forecast.ts';
import type { Progress } from './forest.ts';
import type { ForecastJob, JobAnswer } from './job.ts';
import { encodeModel } from './model-file.ts';
import { readArrow } from './read-arrow.ts';

const FEWEST_STEPS = 4;
const USUAL_HORIZON = 12;

/** Forecasts the series of a file and writes the steps to come. */
export function learnSeries(job: ForecastJob, onProgress: Progress): JobAnswer {
  const read = readArrow(job.file);
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
  const asked = job.params['period'];
  const period = typeof asked === 'number' ? asked : periodOf(grain, job.isCalendar);
  const horizon = job.horizon ?? Math.max(period, USUAL_HORIZON);
  const wanted = job.params['log'];
  const log = wanted === 'yes' || wanted === 'no' ? wanted : 'auto';
  const params: ForecastParams = { horizon, level: job.level, period, log };
  if (params.log === 'yes' && whole.values.some((value) => value <= 0))
    throw new Fault(
      'query-failed',
      say('`log: yes` needs a `{target}` above 0 in every row', { target: job.target.name }),
    );
  const tested = backTest(whole.values, params);
  onProgress(0.5);
  const found = forecastSeries(whole.values, params);
  const last = whole.times.at(-1) ?? 0;
  const steps = found.point.map((point, at) => ({
    at: after(last, grain, at + 1),
    point,
    lower: found.lower[at] ?? point,
    upper: found.upper[at] ?? point,
  }));
  const lines = steps.map(
    ({ at, point, lower, upper }) => `${timeText(at, job.isCalendar)},${point},${lower},${upper}`,
  );
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
      body: { kind: 'series', level: job.level, time: job.time.name, isCalendar: job.isCalendar, steps },
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
  const { steps = 0, ...metrics } = tested ?? {};
  const notes = [
    ...(series.filled > 0 ? [`${series.filled} steps without a value were filled between their neighbours`] : []),
    ...(series.method === 'naive' ? [naiveNote(series.period)] : []),
    ...(grain.kind === 'steps' && series.period === 1 && job.isCalendar
      ? ['no season is known for this step: set `params: { period: … }` if there is one']
      : []),
  ];
  return {
    task: 'forecast',
    algorithm: 'seasonal',
    target: job.target.name,
    rows: { train: rows, test: steps, withoutTarget: series.filled },
    metrics: { ...metrics },
    series,
    notes,
  };
}

function naiveNote(period: number): string {
  return period > 1
    ? `two seasons of ${period} steps are needed to learn a season: the last one is repeated with its drift`
    : 'without a season the last value goes on with its drift';
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
