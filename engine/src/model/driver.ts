import { NormalEquations } from './solve.ts';

/** What a driver changes, of each unit of it; `error` is the standard error, NaN of one that never changes. */
export interface DriverEffect {
  readonly effect: number;
  readonly error: number;
}

export interface Driven {
  readonly effects: readonly DriverEffect[];
  /** The series as if every driver were 0. */
  readonly rest: Float64Array;
  /** What the drivers add at a step, and the standard error of it beside what they were of late. */
  adds(step: number): { readonly value: number; readonly error: number };
}

/** Rounds in which the errors' own dependence is found. */
const ROUNDS = 4;
const MOST_DEPENDENCE = 0.98;
const TINY = 1e-9;

/** Fewer would leave nothing to tell what the drivers change from what is left over. */
export function fewestSteps(drivers: number, period: number): number {
  return Math.max(1, period) + 2 * drivers + 4;
}

/**
 * What drivers change in a series: least squares over how each step differs from that a season before, whose errors
 * follow each other (Cochrane and Orcutt 1949). Trend and season are in neither side of it, so that a driver is not
 * taken for them. Each of `drivers` is by step, also of those to come. Null for fewer than `fewestSteps`.
 */
export function withoutDrivers(values: Float64Array, drivers: readonly Float64Array[], period: number): Driven | null {
  if (values.length < fewestSteps(drivers.length, period)) return null;
  const lag = Math.max(1, period);
  const changes = differences(values, lag);
  const moved = drivers.map((each) => differences(each.subarray(0, values.length), lag));
  const units = moved.map(deviationOf);
  const used = [...units.keys()].filter((at) => (units[at] ?? 0) > TINY);
  const fit = regression(
    changes,
    used.map((at) => (moved[at] ?? changes).map((value) => value / (units[at] ?? 1))),
  );
  const effects = drivers.map((_, at): DriverEffect => {
    const place = used.indexOf(at);
    const unit = units[at] ?? 1;
    return place < 0
      ? { effect: 0, error: NaN }
      : { effect: (fit.weights[place] ?? 0) / unit, error: Math.sqrt(fit.covariance[place]?.[place] ?? 0) / unit };
  });
  const added = (step: number) =>
    drivers.reduce((sum, each, at) => sum + (effects[at]?.effect ?? 0) * (each[step] ?? NaN), 0);
  const late = drivers.map((each) => meanOf(each.subarray(values.length - lag, values.length)));
  return {
    effects,
    rest: values.map((value, step) => value - added(step)),
    adds: (step) => {
      const away = used.map((at) => ((drivers[at]?.[step] ?? NaN) - (late[at] ?? 0)) / (units[at] ?? 1));
      return { value: added(step), error: Math.sqrt(Math.max(0, spreadOf(away, fit.covariance))) };
    },
  };
}

interface Fit {
  /** Of each column. */
  readonly weights: readonly number[];
  readonly covariance: readonly (readonly number[])[];
}

/** Errors of a step are `dependence` times those of the step before, and something new. */
function regression(target: Float64Array, columns: readonly Float64Array[]): Fit {
  let dependence = 0;
  let fit = leastSquares(target, columns);
  for (let round = 0; round < ROUNDS; round += 1) {
    const errors = target.map((value, at) => value - said(fit, columns, at));
    dependence = dependenceOf(errors);
    fit = leastSquares(
      without(target, dependence),
      columns.map((column) => without(column, dependence)),
    );
  }
  return fit;
}

function leastSquares(target: Float64Array, columns: readonly Float64Array[]): Fit {
  const equations = new NormalEquations(columns.length + 1);
  const row = new Float64Array(columns.length + 1).fill(1);
  const rowAt = (at: number) => {
    for (const [k, column] of columns.entries()) row[k] = column[at] ?? 0;
    return row;
  };
  for (const [at, value] of target.entries()) equations.add(rowAt(at), 1, value);
  equations.ridge(TINY * target.length, []);
  const weights = equations.solve();
  const missed = target.map(
    (value, at) => value - rowAt(at).reduce((sum, each, k) => sum + each * (weights[k] ?? 0), 0),
  );
  const free = Math.max(1, target.length - columns.length - 1);
  const variance = missed.reduce((sum, value) => sum + value ** 2, 0) / free;
  const covariance = equations.inverse().map((each) => each.map((value) => value * variance));
  return { weights: weights.slice(0, -1), covariance };
}

function said({ weights }: Fit, columns: readonly Float64Array[], at: number): number {
  return columns.reduce((sum, column, k) => sum + (weights[k] ?? 0) * (column[at] ?? 0), 0);
}

/** From -1 to 1, of errors about their mean. */
function dependenceOf(errors: Float64Array): number {
  const mean = meanOf(errors);
  let [together, alone] = [0, 0];
  for (let at = 1; at < errors.length; at += 1) {
    together += ((errors[at] ?? 0) - mean) * ((errors[at - 1] ?? 0) - mean);
    alone += ((errors[at - 1] ?? 0) - mean) ** 2;
  }
  return alone === 0 ? 0 : Math.max(-MOST_DEPENDENCE, Math.min(MOST_DEPENDENCE, together / alone));
}

function without(values: Float64Array, dependence: number): Float64Array {
  return values.subarray(1).map((value, at) => value - dependence * (values[at] ?? 0));
}

function differences(values: Float64Array, lag: number): Float64Array {
  return values.subarray(lag).map((value, at) => value - (values[at] ?? 0));
}

function spreadOf(away: readonly number[], covariance: Fit['covariance']): number {
  return away.reduce(
    (sum, one, i) => sum + away.reduce((own, other, j) => own + one * other * (covariance[i]?.[j] ?? 0), 0),
    0,
  );
}

function deviationOf(values: Float64Array): number {
  const mean = meanOf(values);
  return Math.sqrt(meanOf(values.map((value) => (value - mean) ** 2)));
}

function meanOf(values: Float64Array): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}
