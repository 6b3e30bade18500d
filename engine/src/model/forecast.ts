import type { Band } from './augurs.ts';
import { decomposed } from './augurs.ts';
import { withoutHolidays } from './holiday.ts';
import { numberMetrics } from './number-metrics.ts';

export interface ForecastParams {
  readonly horizon: number;
  readonly level: number;
  readonly period: number;
  readonly log: 'auto' | 'yes' | 'no';
  /** By step from the first one, also of those to come; null on other days. */
  readonly holidays?: readonly (string | null)[];
}

export interface SeriesForecast extends Band {
  /** `naive`: the last season again, with its drift. */
  readonly method: 'decomposed' | 'naive';
  readonly log: boolean;
}

/** Seasons that are too few to be told from a trend are repeated as they were. */
export function forecastSeries(all: Float64Array, params: ForecastParams): SeriesForecast {
  const { horizon, level, period, holidays } = params;
  const plain = holidays === undefined ? null : withoutHolidays(all, period, holidays);
  const values = plain?.values ?? all;
  const log = params.log === 'yes' || (params.log === 'auto' && growsWithLevel(values, period));
  const scaled = log ? values.map(Math.log) : values;
  const isFlat = values.every((value) => value === values[0]);
  const found = period > 1 && values.length > 2 * period && !isFlat ? decomposed(scaled, period, horizon, level) : null;
  const band = found ?? naive(scaled, period, horizon, level);
  const back = (each: readonly number[]) => {
    const usual = log ? each.map(Math.exp) : [...each];
    return plain === null ? usual : usual.map((value, step) => plain.changed(value, values.length + step));
  };
  return {
    method: found === null ? 'naive' : 'decomposed',
    log,
    point: back(band.point),
    lower: back(band.lower),
    upper: back(band.upper),
  };
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

function meanOf(values: ArrayLike<number>): number {
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
  const reach = quantile((1 + level) / 2);
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

/** Of the normal distribution, by bisection of its error function. */
function quantile(share: number): number {
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

export interface Figures {
  readonly mape: number | null;
  readonly rmse: number;
  readonly mae: number;
  /** Error next to repeating the season before: below 1 is better than that. */
  readonly mase: number | null;
  /** Share of actual values inside the band. */
  readonly coverage: number;
}

/** One origin: what came before it is known, and the steps after it are judged. */
export interface Origin {
  readonly train: number;
  readonly test: number;
  readonly metrics: Figures;
}

export interface BackTest {
  readonly metrics: Figures;
  /** The earliest first; the last one ends where the series does. */
  readonly origins: readonly Origin[];
}

const MOST_ORIGINS = 4;

/**
 * Forecasts steps from those before them, again and again from origins that roll towards the end: of each the steps that
 * are asked for, at most a season. Null when too little would be left to learn from.
 */
export function backTest(values: Float64Array, params: ForecastParams): BackTest | null {
  const { horizon, period } = params;
  const steps = Math.min(horizon, Math.max(1, period > 1 ? period : Math.floor(values.length / 5)));
  const least = Math.max(4, 2 * period);
  const origins = Array.from({ length: MOST_ORIGINS }, (_, back) => values.length - (back + 1) * steps)
    .filter((origin) => origin >= least)
    .toReversed()
    .map((origin) => judged(values.subarray(0, origin), values.subarray(origin, origin + steps), params));
  return origins.length === 0 ? null : { origins, metrics: together(origins.map(({ metrics }) => metrics)) };
}

function judged(train: Float64Array, actual: Float64Array, params: ForecastParams): Origin {
  const steps = actual.length;
  const { point, lower, upper } = forecastSeries(train, { ...params, horizon: steps });
  const { mape, rmse, mae } = numberMetrics(actual, point);
  const lag = train.length > params.period ? params.period : 1;
  const usual = meanOf(train.subarray(lag).map((value, at) => Math.abs(value - (train[at] ?? 0))));
  const inside = actual.filter((value, at) => value >= (lower[at] ?? 0) && value <= (upper[at] ?? 0)).length;
  const metrics = { mape, rmse, mae, mase: usual === 0 ? null : mae / usual, coverage: inside / steps };
  return { train: train.length, test: steps, metrics };
}

/** Origins have as many steps each. What one of them cannot tell is not told of all. */
function together(all: readonly Figures[]): Figures {
  const known = (values: readonly (number | null)[]) =>
    values.some((value) => value === null) ? null : meanOf(values.map(Number));
  return {
    mape: known(all.map(({ mape }) => mape)),
    rmse: Math.sqrt(meanOf(all.map(({ rmse }) => rmse ** 2))),
    mae: meanOf(all.map(({ mae }) => mae)),
    mase: known(all.map(({ mase }) => mase)),
    coverage: meanOf(all.map(({ coverage }) => coverage)),
  };
}
