import type { Band } from './augurs.ts';
import { decomposed } from './augurs.ts';
import type { Driven, DriverEffect } from './driver.ts';
import { withoutDrivers } from './driver.ts';
import { withoutHolidays } from './holiday.ts';

export interface ForecastParams {
  readonly horizon: number;
  readonly level: number;
  readonly period: number;
  readonly log: 'auto' | 'yes' | 'no';
  /** By step from the first one, also of those to come; null on other days. */
  readonly holidays?: readonly (string | null)[];
  /** By step, also of those to come. */
  readonly drivers?: readonly Float64Array[];
}

export interface SeriesForecast extends Band {
  /** `naive`: the last season again, with its drift. */
  readonly method: 'decomposed' | 'naive';
  readonly log: boolean;
  /** Of each driver, on the logarithm where `log`; absent without drivers, or of a series too short to tell. */
  readonly effects?: readonly DriverEffect[];
}

/** Seasons that are too few to be told from a trend are repeated as they were. */
export function forecastSeries(all: Float64Array, params: ForecastParams): SeriesForecast {
  const { horizon, level, period, holidays } = params;
  const plain = holidays === undefined ? null : withoutHolidays(all, period, holidays);
  const values = plain?.values ?? all;
  const log = params.log === 'yes' || (params.log === 'auto' && growsWithLevel(values, period));
  const driven = params.drivers === undefined ? null : withoutDrivers(scaledBy(values, log), params.drivers, period);
  const scaled = driven?.rest ?? scaledBy(values, log);
  const isFlat = scaled.every((value) => value === scaled[0]);
  const found = period > 1 && values.length > 2 * period && !isFlat ? decomposed(scaled, period, horizon, level) : null;
  const usual = found ?? naive(scaled, period, horizon, level);
  const band = driven === null ? usual : withDrivers(usual, driven, values.length, level);
  const back = (each: readonly number[]) => {
    const told = log ? each.map(Math.exp) : [...each];
    return plain === null ? told : told.map((value, step) => plain.changed(value, values.length + step));
  };
  return {
    method: found === null ? 'naive' : 'decomposed',
    log,
    point: back(band.point),
    lower: back(band.lower),
    upper: back(band.upper),
    ...(driven === null ? {} : { effects: driven.effects }),
  };
}

function scaledBy(values: Float64Array, log: boolean): Float64Array {
  return log ? values.map(Math.log) : values;
}

/** The band is as much wider as the drivers' part is unsure. */
function withDrivers(band: Band, driven: Driven, known: number, level: number): Band {
  const reach = reachOf(level);
  const parts = band.point.map((_, step) => driven.adds(known + step));
  const end = (bound: readonly number[], sign: number) =>
    bound.map((value, step) => {
      const { value: added, error } = parts[step] ?? { value: 0, error: 0 };
      const point = band.point[step] ?? 0;
      return point + added + sign * Math.hypot(value - point, reach * error);
    });
  return { point: end(band.point, 0), lower: end(band.lower, -1), upper: end(band.upper, 1) };
}

/** Whether the swing of a season is larger where the level is: then the logarithm is the even scale. */
function growsWithLevel(values: Float64Array, period: number): boolean {
  if (period < 2 || values.length < 3 * period || values.some((value) => value <= 0)) return false;
  const seasons = Array.from({ length: Math.floor(values.length / period) }, (_, at) => {
    const end = values.length - at * period;
    const season = values.subarray(end - period, end);
    return { mean: meanOf(season), swing: Math.max(...season) - Math.min(...season) };
  });
  const mean = meanOf(seasons.map((each) => each.mean));
  const swing = meanOf(seasons.map((each) => each.swing));
  let [both, ofMean, ofSwing] = [0, 0, 0];
  for (const each of seasons) {
    both += (each.mean - mean) * (each.swing - swing);
    ofMean += (each.mean - mean) ** 2;
    ofSwing += (each.swing - swing) ** 2;
  }
  return ofMean > 0 && ofSwing > 0 && both / Math.sqrt(ofMean * ofSwing) > 0.6;
}

export function meanOf(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i += 1) sum += values[i] ?? 0;
  return sum / values.length;
}

/** The season before, moved by what one season changed the next on the whole. */
function naive(values: Float64Array, period: number, horizon: number, level: number): Band {
  const count = values.length;
  const lag = count > period ? period : 1;
  const changes = values.subarray(lag).map((value, at) => value - (values[at] ?? 0));
  const drift = changes.length === 0 ? 0 : meanOf(changes);
  const squares = changes.map((change) => (change - drift) ** 2);
  const deviation = changes.length < 2 ? 0 : Math.sqrt((meanOf(squares) * changes.length) / (changes.length - 1));
  const reach = reachOf(level);
  const point: number[] = [];
  const width: number[] = [];
  for (let step = 0; step < horizon; step += 1) {
    const seasons = Math.floor(step / lag) + 1;
    point.push((values[count - lag + (step % lag)] ?? 0) + seasons * drift);
    width.push(reach * deviation * Math.sqrt(seasons));
  }
  return {
    point,
    lower: point.map((value, at) => value - (width[at] ?? 0)),
    upper: point.map((value, at) => value + (width[at] ?? 0)),
  };
}

/** How many deviations the middle `level` of a normal distribution reaches, by bisection of its error function. */
export function reachOf(level: number): number {
  const share = (1 + level) / 2;
  let [low, high] = [0, 10];
  for (let step = 0; step < 60; step += 1) {
    const middle = (low + high) / 2;
    if (normalShare(middle) < share) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** Abramowitz and Stegun 7.1.26: right to seven digits. */
function normalShare(value: number): number {
  const x = value / Math.SQRT2;
  const t = 1 / (1 + 0.3275911 * x);
  const series = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  return 1 - (series * Math.exp(-x * x)) / 2;
}
