import { brazilianHoliday } from '../holiday/brazil.ts';

/** Days on which a daily series is not as usual, and what they change in it. */

/** What tells the holiday of Brazil on a day, by seconds since 1970, from all others; null of other days. */
export function holidayKey(seconds: number): string | null {
  const date = new Date(seconds * 1000);
  return brazilianHoliday(date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate())?.key ?? null;
}

export interface Ordinary {
  /** As if no day were a holiday. */
  readonly values: Float64Array;
  /** What is usual at a step, changed as its holiday does; of other days as it is. */
  changed(usual: number, step: number): number;
}

const NEIGHBOURS = 4;

/**
 * Takes out of a series what its holidays change: each is held against the same phase of the seasons around it. A holiday
 * that came once changes what all of them change on the whole. In shares where all values are above 0, else by so much.
 * `holidays` by step, also of those to come.
 */
export function withoutHolidays(values: Float64Array, period: number, holidays: readonly (string | null)[]): Ordinary {
  const lag = Math.max(1, period);
  const usual = (at: number) => {
    const around = Array.from({ length: NEIGHBOURS }, (_, k) => [at - (k + 1) * lag, at + (k + 1) * lag]).flat();
    return medianOf(around.flatMap((each) => (holidays[each] === null ? (values[each] ?? []) : [])));
  };
  const isShare = values.every((value) => value > 0);
  const changes = new Map<string, number[]>();
  const ordinary = values.map((value, at) => {
    const name = holidays[at] ?? null;
    const found = name === null ? null : usual(at);
    if (name === null || found === null) return value;
    changes.set(name, [...(changes.get(name) ?? []), isShare ? value / found : value - found]);
    return found;
  });
  const whole = medianOf([...changes.values()].flat()) ?? (isShare ? 1 : 0);
  return {
    values: ordinary,
    changed(value, step) {
      const name = holidays[step] ?? null;
      if (name === null) return value;
      const own = changes.get(name) ?? [];
      const change = own.length < 2 ? whole : own.reduce((sum, each) => sum + each, 0) / own.length;
      return isShare ? value * change : value + change;
    },
  };
}

function medianOf(values: readonly number[]): number | null {
  const sorted = values.toSorted((a, b) => a - b);
  const [low, high] = [sorted[(sorted.length - 1) >> 1], sorted[sorted.length >> 1]];
  return low === undefined || high === undefined ? null : (low + high) / 2;
}
