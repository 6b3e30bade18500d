import { forecastSeries, usualPast, usualSteps } from '@datacraft/engine';

export interface BandConfig {
  /** Values in one season; default 1, none. */
  readonly period: number;
  /** The share of values that lies in the band by nature. */
  readonly level: number;
}

export interface Placed {
  readonly value: number;
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
  const past = values.slice(0, -1).slice(-usualSteps(period));
  if (value === undefined || past.length < neededFor(period)) return null;
  const forecast = (of: Float64Array, horizon: number) => forecastSeries(of, { horizon, level, period, log: 'auto' });
  const band = forecast(usualPast(Float64Array.from(past), neededFor(period), forecast), 1);
  const [lower = NaN, upper = NaN] = [band.lower[0], band.upper[0]];
  return placed({ value, lower, upper }, past);
}

/** Equal sums differ in their last digits. */
export function placed({ value, lower, upper }: Omit<Placed, 'isOut'>, past: readonly number[]): Placed {
  const slack = Math.max(...past.map(Math.abs)) * 1e-9;
  return { value, lower, upper, isOut: value < lower - slack || value > upper + slack };
}
