import type { Json, ModelInput, Said } from '@datacraft/shared';
import { Fault, say } from '@datacraft/shared';
import { asRow, timeOf } from './ask.ts';
import type { ForecastBody } from './model-file.ts';
import type { Prediction } from './scorer.ts';
import { instantText } from './time-text.ts';

/** What is told of the step that a row names, and of the scenario where there are some. */
export function stepOf(body: ForecastBody, row: unknown, at: number): Prediction {
  const { time, steps, isCalendar, level, scenario } = body;
  const fields = asRow(row, at);
  const refused = (message: Said, field: string) =>
    new Fault('bad-request', say('row {row}: {message}', { row: at + 1, message }), { row: at + 1, field });
  const known = [time, ...(scenario === undefined ? [] : [scenario])];
  const unknown = Object.keys(fields).find((name) => !known.includes(name));
  if (unknown !== undefined)
    throw refused(
      say('the forecast has no field "{unknown}": it knows {time}', { unknown, time: known.join(', ') }),
      unknown,
    );
  const which = scenario === undefined ? undefined : fields[scenario];
  if (scenario !== undefined && !scenariosOf(body).some((name) => name === which))
    throw refused(
      say('"{scenario}" expects one of {names}', { scenario, names: scenariosOf(body).join(', ') }),
      scenario,
    );
  const own = steps.filter((each) => each.scenario === which);
  const value = fields[time];
  const wanted = secondsOf(value, isCalendar);
  const step = own.find((each) => Math.abs(each.at - wanted) < 1e-6);
  if (step === undefined) {
    const shown = (each: number | undefined) =>
      each === undefined ? '' : isCalendar ? instantText(each).replace('T00:00:00.000Z', '') : String(each);
    const values = { time, count: own.length, first: shown(own[0]?.at), last: shown(own.at(-1)?.at) };
    throw refused(say('"{time}" expects one of the {count} steps from {first} to {last}', values), time);
  }
  const { point, lower, upper } = step;
  const named = scenario === undefined ? {} : { [scenario]: which as Json };
  return { [time]: value as Json, ...named, prediction: point, forecast: point, lower, upper, level };
}

function secondsOf(value: unknown, isCalendar: boolean): number {
  if (isCalendar) return typeof value === 'string' ? timeOf(value) : NaN;
  return typeof value === 'number' ? value : NaN;
}

function scenariosOf({ steps }: ForecastBody): string[] {
  return [...new Set(steps.flatMap(({ scenario }) => scenario ?? []))];
}

export function stepInputs(body: ForecastBody): ModelInput[] {
  const { time, isCalendar, steps, scenario } = body;
  const times = steps.map(({ at }) => at);
  const range = { min: smallest(times, 1), max: smallest(times, -1), mean: null };
  const type = isCalendar ? 'TIMESTAMP' : 'DOUBLE';
  const when: ModelInput = {
    ...{ name: time, kind: isCalendar ? 'time' : 'number', type, nullable: false, levels: [] },
    ...range,
  };
  if (scenario === undefined) return [when];
  const none = { min: null, max: null, mean: null };
  const levels = scenariosOf(body);
  return [when, { name: scenario, kind: 'category', type: 'VARCHAR', nullable: false, levels, ...none }];
}

function smallest(values: readonly number[], sign: 1 | -1): number | null {
  const [first = null] = values.toSorted((one, other) => sign * (one - other));
  return first;
}

export function stepSchema(body: ForecastBody): Json {
  const { time, isCalendar, scenario } = body;
  const when = { [time]: { type: isCalendar ? 'string' : 'number' } };
  const which = scenario === undefined ? {} : { [scenario]: { type: 'string', enum: scenariosOf(body) } };
  return {
    type: 'object',
    properties: { ...when, ...which },
    required: [time, ...(scenario === undefined ? [] : [scenario])],
  };
}
