/** The step between the rows of a series: whole months, or a length. Times are seconds, or plain numbers. */
export type Grain =
  | { readonly kind: 'months'; readonly months: number; readonly atEnd: boolean }
  | { readonly kind: 'steps'; readonly length: number };

const DAY = 86_400;

/** From ascending, distinct times; null for fewer than two. */
export function grainOf(times: Float64Array, isCalendar: boolean): Grain | null {
  if (times.length < 2) return null;
  const steps = [...times.subarray(1)].map((time, at) => time - (times[at] ?? 0)).sort((a, b) => a - b);
  const usual = steps[Math.floor(steps.length / 2)] ?? 0;
  if (!isCalendar || usual < 27 * DAY) return { kind: 'steps', length: usual };
  const atEnd = [...times].every((time) => new Date((time + DAY) * 1000).getUTCDate() === 1);
  const days = new Set([...times].map((time) => new Date(time * 1000).getUTCDate()));
  const months = Math.round(usual / (30.44 * DAY));
  return days.size === 1 || atEnd ? { kind: 'months', months, atEnd } : { kind: 'steps', length: usual };
}

/** The time `count` steps after `from`. */
export function after(from: number, grain: Grain, count: number): number {
  if (grain.kind === 'steps') return from + count * grain.length;
  const date = new Date(from * 1000);
  const month = date.getUTCMonth() + count * grain.months;
  const inDay = from - Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate()) / 1000;
  const last = new Date(Date.UTC(date.getUTCFullYear(), month + 1, 0)).getUTCDate();
  const day = grain.atEnd ? last : Math.min(date.getUTCDate(), last);
  return Date.UTC(date.getUTCFullYear(), month, day) / 1000 + inDay;
}

/** Holidays are days: weeks and months have them in their seasons. */
export function isDaily(grain: Grain, isCalendar: boolean): boolean {
  return isCalendar && grain.kind === 'steps' && Math.abs(grain.length - DAY) < DAY * 0.05;
}

/** How many steps make a season: a year of months, quarters or weeks, a week of days, a day of hours. */
export function periodOf(grain: Grain | null, isCalendar: boolean): number {
  if (grain === null || !isCalendar) return 1;
  if (grain.kind === 'months') return grain.months >= 12 ? 1 : Math.max(1, Math.round(12 / grain.months));
  const usual: readonly (readonly [length: number, period: number])[] = [
    [60, 60],
    [3600, 24],
    [DAY, 7],
    [7 * DAY, 52],
  ];
  return usual.find(([length]) => Math.abs(grain.length - length) < length * 0.05)?.[1] ?? 1;
}

export interface Filled {
  readonly times: Float64Array;
  readonly values: Float64Array;
  /** Steps without a value, drawn straight between their neighbours. */
  readonly filled: number;
}

/** A value for every step from the first to the last. */
export function withoutGaps(times: Float64Array, values: Float64Array, grain: Grain): Filled {
  const known = Array.from(times.keys()).filter((at) => !Number.isNaN(values[at] ?? NaN));
  const start = times[known[0] ?? 0] ?? 0;
  const end = times[known.at(-1) ?? 0] ?? 0;
  const steps: number[] = [];
  for (let count = 0; count <= times.length * 20 + 1000; count += 1) {
    const time = after(start, grain, count);
    if (time > end + tolerance(grain)) break;
    steps.push(time);
  }
  let [at, filled] = [0, 0];
  const found = steps.map((time) => {
    while (at < known.length - 1 && (times[known[at + 1] ?? 0] ?? 0) <= time + tolerance(grain)) at += 1;
    const before = known[at] ?? 0;
    if (Math.abs((times[before] ?? 0) - time) <= tolerance(grain)) return values[before] ?? 0;
    filled += 1;
    return between(time, times, values, before, known[Math.min(at + 1, known.length - 1)] ?? before);
  });
  return { times: Float64Array.from(steps), values: Float64Array.from(found), filled };
}

/** How far from a step's time a row may lie that is of it. */
export function tolerance(grain: Grain): number {
  return grain.kind === 'months' ? 3 * DAY : grain.length / 2 - grain.length * 1e-9;
}

function between(time: number, times: Float64Array, values: Float64Array, before: number, next: number): number {
  const [start, end] = [times[before] ?? 0, times[next] ?? 0];
  if (end === start) return values[before] ?? 0;
  const share = (time - start) / (end - start);
  return (values[before] ?? 0) * (1 - share) + (values[next] ?? 0) * share;
}
