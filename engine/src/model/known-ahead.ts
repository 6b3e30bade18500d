/**
 * The rows of a series: those that were, and those to come, of which what drives the series is known.
 *
 * K1  Rows up to the last one with a target were; all behind it are to come.
 * K2  A driver is known in each row that was, and at each step that is told: nothing is made up ahead.
 * K3  Each scenario tells its own steps from the first on without a gap; what was is the same for all.
 */
import { Fault, say } from '@datacraft/shared';
import type { Grain } from './calendar.ts';
import { after, grainOf, tolerance, withoutGaps } from './calendar.ts';
import type { ForecastJob } from './job.ts';
import type { ArrowColumns } from './read-arrow.ts';
import { timeText } from './time-text.ts';

export interface SeriesRows {
  readonly times: Float64Array;
  readonly target: Float64Array;
  /** One for each driver. */
  readonly drivers: readonly Float64Array[];
  readonly scenarios: readonly (string | null)[];
}

export interface Known {
  readonly grain: Grain;
  /** Of each step that was. */
  readonly times: Float64Array;
  readonly values: Float64Array;
  readonly filled: number;
  readonly drivers: readonly Float64Array[];
  /** In the order of their names; one without a name where none are told apart. */
  readonly ahead: readonly Ahead[];
}

export interface Ahead {
  readonly scenario: string | null;
  readonly steps: number;
  /** By step, of those that were and those to come. */
  readonly drivers: readonly Float64Array[];
}

const FEWEST_STEPS = 4;

export function seriesRows(read: ArrowColumns, job: Pick<ForecastJob, 'drivers' | 'scenario'>): SeriesRows {
  return {
    times: read.numbers('time'),
    target: read.numbers('target'),
    drivers: job.drivers.map((_, at) => read.numbers(`d${at}`)),
    scenarios: job.scenario === null ? Array.from({ length: read.count }, () => null) : read.words('scenario'),
  };
}

/** Without drivers, and where the cell asks for no horizon, the usual one is told. */
export function knownSeries(job: ForecastJob, rows: SeriesRows, usualHorizon: (grain: Grain) => number): Known {
  const known = [...rows.target.keys()].filter((at) => !Number.isNaN(rows.target[at]));
  const [first = 0, last = -1] = [known[0], known.at(-1)];
  const was = (values: Float64Array) => values.subarray(first, last + 1);
  const times = was(rows.times);
  refuseUntimed(job, rows.times);
  refuseTwice(job, times);
  const grain = grainOf(times, job.isCalendar);
  if (grain === null || known.length < FEWEST_STEPS) {
    const message = say('{known} rows with a `{target}` are too few to forecast from: at least {least} are needed', {
      known: known.length,
      target: job.target.name,
      least: FEWEST_STEPS,
    });
    throw new Fault('query-failed', message);
  }
  const whole = withoutGaps(times, was(rows.target), grain);
  const drivers = rows.drivers.map((values, at) => {
    refuseUndriven(job, at, was(values), times);
    return withoutGaps(times, was(values), grain).values;
  });
  const usual = job.horizon ?? usualHorizon(grain);
  const ahead =
    drivers.length === 0
      ? [{ scenario: null, steps: usual, drivers: [] }]
      : scenariosOf(rows, last + 1).map((at) => aheadOf(job, rows, at, { grain, times: whole.times, drivers }));
  return { grain, ...whole, drivers, ahead };
}

/** Rows to come of each scenario. */
function scenariosOf({ scenarios }: SeriesRows, from: number): number[][] {
  const found = new Map<string | null, number[]>([]);
  for (let at = from; at < scenarios.length; at += 1) {
    const name = scenarios[at] ?? null;
    found.set(name, [...(found.get(name) ?? []), at]);
  }
  if (found.size === 0) return [[]];
  return [...found].toSorted(([one], [other]) => ((one ?? '') < (other ?? '') ? -1 : 1)).map(([, rows]) => rows);
}

function aheadOf(
  job: ForecastJob,
  rows: SeriesRows,
  places: readonly number[],
  { grain, times, drivers }: Pick<Known, 'grain' | 'times' | 'drivers'>,
): Ahead {
  const scenario = rows.scenarios[places[0] ?? -1] ?? null;
  if (job.scenario !== null && places.length > 0 && scenario === null)
    throw new Fault(
      'query-failed',
      say('a row to come has no `{scenario}`: say of each which scenario it is of', { scenario: job.scenario.name }),
    );
  const own = Float64Array.from(places, (at) => rows.times[at] ?? NaN);
  refuseTwice(job, own);
  const last = times.at(-1) ?? 0;
  const rowOf = (step: number) => {
    const time = after(last, grain, step);
    return places[own.findIndex((each) => Math.abs(each - time) <= tolerance(grain))];
  };
  let steps = 0;
  while (steps < (job.horizon ?? Infinity) && rowOf(steps + 1) !== undefined) steps += 1;
  if (steps === 0 || steps < (job.horizon ?? 1)) throw unknownAhead(job, scenario, after(last, grain, steps + 1));
  const come = Array.from({ length: steps }, (_, step) => rowOf(step + 1) ?? -1);
  return {
    scenario,
    steps,
    drivers: drivers.map((values, at) => {
      const next = Float64Array.from(come, (row) => rows.drivers[at]?.[row] ?? NaN);
      refuseUndriven(
        job,
        at,
        next,
        Float64Array.from(come, (row) => rows.times[row] ?? NaN),
      );
      return Float64Array.from([...values, ...next]);
    }),
  };
}

function unknownAhead({ drivers, target, isCalendar }: ForecastJob, scenario: string | null, at: number): Fault {
  const said = {
    when: timeText(at, isCalendar),
    drivers: drivers.map(({ name }) => name).join(', '),
    target: target.name,
    scenario: scenario ?? '',
  };
  return new Fault(
    'query-failed',
    scenario === null
      ? say(
          'no row says what {drivers} will be at {when}: add rows to come with them and an empty `{target}`, or ask for fewer steps',
          said,
        )
      : say(
          'no row of {scenario} says what {drivers} will be at {when}: add rows to come with them and an empty `{target}`, or ask for fewer steps',
          said,
        ),
  );
}

function refuseUndriven(
  { drivers, isCalendar }: ForecastJob,
  at: number,
  values: Float64Array,
  times: Float64Array,
): void {
  const missing = values.findIndex((value) => Number.isNaN(value));
  if (missing < 0) return;
  const message = say('`{driver}` has no value at {when}: a driver is known in every row', {
    driver: drivers[at]?.name ?? '',
    when: timeText(times[missing] ?? 0, isCalendar),
  });
  throw new Fault('query-failed', message);
}

function refuseUntimed({ time }: ForecastJob, times: Float64Array): void {
  const missing = times.filter((value) => Number.isNaN(value)).length;
  if (missing === 0) return;
  throw new Fault(
    'query-failed',
    say('{missing} rows have no `{time}`: leave them out of what is forecast', { missing, time: time.name }),
  );
}

function refuseTwice({ time, isCalendar, scenario }: ForecastJob, times: Float64Array): void {
  const twice = times.findIndex((value, at) => at > 0 && value === times[at - 1]);
  if (twice < 0) return;
  const said = { time: time.name, which: timeText(times[twice] ?? 0, isCalendar) };
  const message =
    scenario === null
      ? say('more than one row has the `{time}` {which}: sum or average them first, one row a step', said)
      : say(
          'more than one row has the `{time}` {which}: what was is the same for all scenarios, and of what is to come each has one row a step',
          said,
        );
  throw new Fault('query-failed', message);
}
