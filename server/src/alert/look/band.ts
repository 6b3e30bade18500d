import { forecastSeries } from '@datacraft/engine';

export interface BandConfig {
  /** Values in one season; default 1, none. */
  readonly period: number;
  /** The share of values that lies in the band by nature. */
  readonly level: number;
}

export interface Placed {
  readonly value: number;
  readonly forecast: number;
  readonly lower: number;
  readonly upper: number;
  readonly isOut: boolean;
}

const LEAST = 8;

/** Earlier values that a band needs: two seasons and some more. */
export function neededFor(period: number): number {
  return Math.max(LEAST, 2 * period + 1);
}

/** Where the last value lies in the band that is forecast from those before it; null while they are too few. */
export function placeLast(values: readonly number[], { period, level }: BandConfig): Placed | null {
  const value = values.at(-1);
  const past = values.slice(0, -1);
  if (value === undefined || past.length < neededFor(period)) return null;
  const band = forecastSeries(Float64Array.from(past), { horizon: 1, level, period, log: 'auto' });
  const [forecast = NaN, lower = NaN, upper = NaN] = [band.point[0], band.lower[0], band.upper[0]];
  // Equal sums differ in their last digits.
  const slack = Math.max(...past.map(Math.abs)) * 1e-9;
  const isOut = !(value >= lower - slack && value <= upper + slack);
  return { value, forecast, lower, upper, isOut };
}
