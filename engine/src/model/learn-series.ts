import { readFileSync, writeFileSync } from 'node:fs';
import type { DriverReport, ModelReport, Said } from '@datacraft/shared';
import { Fault, say, worded } from '@datacraft/shared';
import type { BackTest } from './back-test.ts';
import { backTest } from './back-test.ts';
import { after, isDaily } from './calendar.ts';
import { fewestSteps } from './driver.ts';
import type { ForecastParams, SeriesForecast } from './forecast.ts';
import { forecastSeries, reachOf } from './forecast.ts';
import type { Progress } from './forest.ts';
import type { ForecastJob, JobAnswer } from './job.ts';
import type { Ahead, Known } from './known-ahead.ts';
import { knownSeries, seriesRows } from './known-ahead.ts';
import type { ForecastStep } from './model-file.ts';
import { encodeModel } from './model-file.ts';
import { readArrow } from './read-arrow.ts';
import { seasonOf, seriesParams, usualHorizon } from './series-params.ts';
import { instantText } from './time-text.ts';

/** Forecasts the series of a file and writes the steps to come, of each scenario. */
export function learnSeries(job: ForecastJob, onProgress: Progress): JobAnswer {
  const rows = seriesRows(readArrow(readFileSync(job.file)), job);
  const known = knownSeries(job, rows, (grain) => usualHorizon(seasonOf(job, grain)));
  const period = seasonOf(job, known.grain);
  refuse(job, known, period);
  const tested = backTest(known.values, paramsOf(job, known, longest(known.ahead)));
  onProgress(0.5);
  const found = known.ahead.map((ahead) => ({
    ahead,
    told: forecastSeries(known.values, paramsOf(job, known, ahead)),
  }));
  const steps = found.flatMap(({ ahead, told }) => stepsOf(known, ahead, told));
  writeFileSync(job.scoredFile, csvOf(steps, job.isCalendar));
  onProgress(1);
  const { time, target, seed, level, isCalendar, scenario } = job;
  return {
    bytes: encodeModel({
      task: 'forecast',
      algorithm: 'seasonal',
      target: { name: target.name, type: target.type },
      classes: [],
      features: [],
      keys: [],
      seed,
      body: {
        ...{ kind: 'series', level, time: time.name, isCalendar, steps },
        ...(scenario === null ? {} : { scenario: scenario.name }),
      },
    }),
    report: reportOf(job, known, { tested, period, found: found.map(({ told }) => told) }),
  };
}

function longest(ahead: readonly Ahead[]): Ahead {
  const [first, ...others] = ahead;
  if (first === undefined) throw new Error('a series has a step to come');
  return others.reduce((most, each) => (each.steps > most.steps ? each : most), first);
}

function paramsOf(job: ForecastJob, known: Known, ahead: Ahead): ForecastParams {
  const params = seriesParams(known, known.grain, job, ahead.steps);
  return job.drivers.length > 0 ? { ...params, drivers: ahead.drivers } : params;
}

function refuse({ params, target, drivers }: ForecastJob, { values }: Known, period: number): void {
  if (params['log'] === 'yes' && values.some((value) => value <= 0))
    throw new Fault('query-failed', say('`log: yes` needs a `{target}` above 0 in every row', { target: target.name }));
  const least = fewestSteps(drivers.length, period);
  if (drivers.length === 0 || values.length >= least) return;
  const message = say(
    '{known} steps are too few to tell what {drivers} change: at least {least} are needed; name fewer drivers, or set `params: { period: 1 }` where there is no season',
    { known: values.length, drivers: drivers.map(({ name }) => name).join(', '), least },
  );
  throw new Fault('query-failed', message);
}

function stepsOf({ times, grain }: Known, { scenario }: Ahead, told: SeriesForecast): ForecastStep[] {
  const last = times.at(-1) ?? 0;
  return told.point.map((point, at) => ({
    at: after(last, grain, at + 1),
    point,
    lower: told.lower[at] ?? point,
    upper: told.upper[at] ?? point,
    ...(scenario === null ? {} : { scenario }),
  }));
}

function csvOf(steps: readonly ForecastStep[], isCalendar: boolean): string {
  const lines = steps.map(({ at, point, lower, upper, scenario }) => {
    const name = scenario === undefined ? '' : `"${scenario.replaceAll('"', '""')}"`;
    return `${isCalendar ? instantText(at) : String(at)},${point},${lower},${upper},${name}`;
  });
  return `${['at,forecast,lower,upper,scenario', ...lines].join('\n')}\n`;
}

interface Found {
  readonly tested: BackTest | null;
  readonly period: number;
  readonly found: readonly SeriesForecast[];
}

function reportOf(job: ForecastJob, known: Known, { tested, period, found }: Found): ModelReport {
  const { origins = [], metrics } = tested ?? {};
  const [first] = found;
  const { filled, ahead } = known;
  const series = { period, method: first?.method ?? 'naive', log: first?.log ?? false, filled };
  const names = ahead.flatMap(({ scenario }) => scenario ?? []);
  return {
    task: 'forecast',
    algorithm: 'seasonal',
    target: job.target.name,
    rows: {
      train: known.values.length,
      test: origins.reduce((sum, { test }) => sum + test, 0),
      withoutTarget: filled,
    },
    metrics: { ...metrics },
    ...(origins.length > 0 ? { folds: origins.map((each) => ({ ...each, metrics: { ...each.metrics } })) } : {}),
    series,
    ...(first?.effects === undefined ? {} : { drivers: driversOf(job, first) }),
    ...(job.scenario === null ? {} : { scenarios: { column: job.scenario.name, names } }),
    notes: notesOf(job, known, series, first).map(worded),
  };
}

function driversOf(job: ForecastJob, { effects = [], log }: SeriesForecast): DriverReport[] {
  const shown = (value: number) => (log ? Math.expm1(value) : value);
  return job.drivers.flatMap(({ name }, at) => {
    const { effect, error } = effects[at] ?? { effect: 0, error: NaN };
    const reach = reachOf(job.level) * error;
    return Number.isNaN(error)
      ? []
      : [{ name, effect: shown(effect), from: shown(effect - reach), to: shown(effect + reach) }];
  });
}

function notesOf(
  job: ForecastJob,
  { filled, grain }: Known,
  { method, period }: NonNullable<ModelReport['series']>,
  told: SeriesForecast | undefined,
): Said[] {
  const still = job.drivers.filter((_, at) => Number.isNaN(told?.effects?.[at]?.error ?? 0));
  return [
    ...(filled > 0 ? [say('steps without a value, filled between their neighbours: {count}', { count: filled })] : []),
    ...still.map(({ name }) => say('`{name}` never changed but with the season: nothing is learned of it', { name })),
    ...(job.params['holidays'] === 'BR' && !isDaily(grain, job.isCalendar)
      ? [say('holidays are told of days alone: this series has another step')]
      : []),
    ...(method === 'naive' ? [naiveNote(period)] : []),
    ...(grain.kind === 'steps' && period === 1 && job.isCalendar
      ? [say('no season is known for this step: set `params: { period: … }` if there is one')]
      : []),
  ];
}

function naiveNote(period: number): Said {
  return period > 1
    ? say('two seasons of {period} steps are needed to learn a season: the last one is repeated with its drift', {
        period,
      })
    : say('without a season the last value goes on with its drift');
}
