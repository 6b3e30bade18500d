import type { ParamValues } from '@datacraft/shared';
import type { Grain } from './calendar.ts';
import { after, grainOf, isDaily, periodOf, withoutGaps } from './calendar.ts';
import type { ForecastParams } from './forecast.ts';
import { forecastSeries } from './forecast.ts';
import { holidayKey } from './holiday.ts';
import { usualPast } from './usual-past.ts';

export interface SeriesOptions {
  readonly params: ParamValues;
  readonly level: number;
  readonly isCalendar: boolean;
}

const USUAL_HORIZON = 12;

export function seasonOf({ params, isCalendar }: Pick<SeriesOptions, 'params' | 'isCalendar'>, grain: Grain): number {
  return typeof params['period'] === 'number' ? params['period'] : periodOf(grain, isCalendar);
}

export function usualHorizon(period: number): number {
  return Math.max(period, USUAL_HORIZON);
}

/** How a series without gaps is forecast by what its cell says. */
export function seriesParams(
  whole: { readonly times: Float64Array; readonly values: Float64Array },
  grain: Grain,
  { params, level, isCalendar }: SeriesOptions,
  asked: number | null,
): ForecastParams {
  const period = seasonOf({ params, isCalendar }, grain);
  const horizon = asked ?? usualHorizon(period);
  const wanted = params['log'];
  const log = wanted === 'yes' || wanted === 'no' ? wanted : 'auto';
  if (params['holidays'] !== 'BR' || !isDaily(grain, isCalendar)) return { horizon, level, period, log };
  const steps = Array.from({ length: whole.values.length + horizon }, (_, at) => after(whole.times[0] ?? 0, grain, at));
  return { horizon, level, period, log, holidays: steps.map(holidayKey) };
}

export interface Beside {
  readonly value: number;
  readonly forecast: number;
  readonly lower: number;
  readonly upper: number;
}

const LEAST = 8;
const [SEASONS, STEPS] = [10, 400];

/** So many values before the last one tell what is usual; a longer past only costs time. */
export function usualSteps(period: number): number {
  return Math.max(STEPS, SEASONS * period);
}

/** Values that `lastBeside` needs. */
export const FEWEST_BESIDE = LEAST + 1;

/**
 * The last value of a series in the order of time, beside what its model cell would have forecast from those before it;
 * null while they are too few.
 */
export function lastBeside(times: Float64Array, values: Float64Array, options: SeriesOptions): Beside | null {
  const grain = grainOf(times, options.isCalendar);
  if (grain === null || values.length < FEWEST_BESIDE) return null;
  const from = -usualSteps(seasonOf(options, grain)) - 1;
  return besideLast(times.subarray(from), values.subarray(from), grain, options);
}

function besideLast(times: Float64Array, values: Float64Array, grain: Grain, options: SeriesOptions): Beside {
  const count = values.length;
  const known = withoutGaps(times.subarray(0, count - 1), values.subarray(0, count - 1), grain);
  const steps = Math.max(1, withoutGaps(times, values, grain).values.length - known.values.length);
  const forecast = (past: Float64Array, ahead: number) =>
    forecastSeries(past, seriesParams({ times: known.times, values: past }, grain, options, ahead));
  const found = forecast(usualPast(known.values, LEAST, forecast), steps);
  const last = (band: readonly number[]) => band.at(-1) ?? NaN;
  return {
    value: values[count - 1] ?? NaN,
    forecast: last(found.point),
    lower: last(found.lower),
    upper: last(found.upper),
  };
}
