import { describe, expect, it } from 'vitest';
import { backTest } from './back-test.ts';
import { forecastSeries } from './forecast.ts';
import { easterMs } from '../holiday/brazil.ts';
import { holidayKey, withoutHolidays } from './holiday.ts';

const DAY = 86_400;
const secondsOf = (day: string) => Date.parse(`${day}T00:00:00Z`) / 1000;
const start = secondsOf('2022-01-01');
const dayAt = (at: number) => start + at * DAY;

/** Three years of days by weekday, on which holidays sell two fifths of what is usual. */
const DAYS = 1088;
const WEEK = [100, 105, 108, 110, 130, 145, 80];
const usualOf = (at: number) => (WEEK[at % 7] ?? 0) + ((at * 7919) % 5);
const sold = Float64Array.from({ length: DAYS + 40 }, (_, at) =>
  holidayKey(dayAt(at)) === null ? usualOf(at) : 0.4 * usualOf(at),
);
const holidays = Array.from(sold, (_, at) => holidayKey(dayAt(at)));
const params = { horizon: 40, level: 0.9, period: 7, log: 'no' } as const;
const christmas = (secondsOf('2024-12-25') - start) / DAY;

describe('the holidays of Brazil', () => {
  it('are fixed days, and those that go with Easter', () => {
    for (const day of ['2024-03-31', '2025-04-20', '2026-04-05', '2000-04-23'])
      expect(new Date(easterMs(Number(day.slice(0, 4)))).toISOString().slice(0, 10)).toBe(day);
    const of = (day: string) => holidayKey(secondsOf(day));
    expect([of('2024-02-12'), of('2024-02-13'), of('2024-02-14')]).toEqual(['easter -48', 'easter -47', null]);
    expect([of('2025-04-18'), of('2025-06-19'), of('2025-12-25')]).toEqual(['easter -2', 'easter 60', '12-25']);
    expect([of('2023-11-20'), of('2024-11-20')]).toEqual([null, '11-20']);
  });
});

describe('a forecast of days', () => {
  it('says of a holiday to come what those before it changed, and of other days what is usual', () => {
    const at = christmas - DAYS;
    const known = sold.subarray(0, DAYS);
    const [plain, told] = [forecastSeries(known, params), forecastSeries(known, { ...params, holidays })];
    const off = (point: readonly number[]) => Math.abs((point[at] ?? 0) / (sold[christmas] ?? 1) - 1);
    expect(off(told.point)).toBeLessThan(0.1);
    expect(off(plain.point)).toBeGreaterThan(1);
    expect((told.lower[at] ?? 0) <= (sold[christmas] ?? 0) && (sold[christmas] ?? 0) <= (told.upper[at] ?? 0)).toBe(
      true,
    );
    expect(Math.abs((told.point[at + 1] ?? 0) / (sold[christmas + 1] ?? 1) - 1)).toBeLessThan(0.1);
    const mape = (found: ReturnType<typeof backTest>) => found?.metrics.mape ?? NaN;
    expect(mape(backTest(sold, { ...params, holidays }))).toBeLessThan(mape(backTest(sold, params)));
  });

  it('learns of days as if none were a holiday, and one that came once changes what all do', () => {
    const { values, changed } = withoutHolidays(sold.subarray(0, DAYS), 7, holidays);
    for (const [at, value] of values.entries()) expect(Math.abs(value - usualOf(at))).toBeLessThan(8);
    const consciousness = (secondsOf('2024-11-20') - start) / DAY;
    expect(changed(100, consciousness)).toBeCloseTo(40, -1);
    expect(changed(100, christmas + 1)).toBe(100);
    const negative = withoutHolidays(
      Float64Array.from(sold.subarray(0, DAYS), (value) => value - 200),
      7,
      holidays,
    );
    expect(negative.changed(-100, christmas)).toBeLessThan(-130);
  });
});
