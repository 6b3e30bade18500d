import { fewestSteps } from './driver.ts';
import type { ForecastParams } from './forecast.ts';
import { forecastSeries, meanOf } from './forecast.ts';
import { numberMetrics } from './number-metrics.ts';

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
  const { horizon, period, drivers } = params;
  const steps = Math.min(horizon, Math.max(1, period > 1 ? period : Math.floor(values.length / 5)));
  const least = Math.max(4, 2 * period, drivers === undefined ? 0 : fewestSteps(drivers.length, period));
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
