import { describe, expect, it } from 'vitest';
import { after, grainOf, periodOf, withoutGaps } from './calendar.ts';
import { backTest } from './back-test.ts';
import { forecastSeries } from './forecast.ts';
import { numberMetrics } from './number-metrics.ts';

/** Monthly passengers of airlines, thousands, 1949 to 1960 (Box and Jenkins, series G). */
const passengers = Float64Array.from([
  112, 118, 132, 129, 121, 135, 148, 148, 136, 119, 104, 118, 115, 126, 141, 135, 125, 149, 170, 170, 158, 133, 114,
  140, 145, 150, 178, 163, 172, 178, 199, 199, 184, 162, 146, 166, 171, 180, 193, 181, 183, 218, 230, 242, 209, 191,
  172, 194, 196, 196, 236, 235, 229, 243, 264, 272, 237, 211, 180, 201, 204, 188, 235, 227, 234, 264, 302, 293, 259,
  229, 203, 229, 242, 233, 267, 269, 270, 315, 364, 347, 312, 274, 237, 278, 284, 277, 317, 313, 318, 374, 413, 405,
  355, 306, 271, 306, 315, 301, 356, 348, 355, 422, 465, 467, 404, 347, 305, 336, 340, 318, 362, 348, 363, 435, 491,
  505, 404, 359, 310, 337, 360, 342, 406, 396, 420, 472, 548, 559, 463, 407, 362, 405, 417, 391, 419, 461, 472, 535,
  622, 606, 508, 461, 390, 432,
]);
const params = { horizon: 12, level: 0.95, period: 12, log: 'auto' } as const;
const seconds = (...days: string[]) => Float64Array.from(days, (day) => Date.parse(`${day}T00:00:00Z`) / 1000);

describe('a forecast', () => {
  it('misses the last year of the passengers by at most 3.5 % from the years before', () => {
    const found = forecastSeries(passengers.subarray(0, 132), params);
    expect(found).toMatchObject({ method: 'decomposed', log: true });
    expect(numberMetrics(passengers.subarray(132), found.point).mape).toBeLessThanOrEqual(0.035);
    const inside = found.point.filter((_, at) => {
      const actual = passengers[132 + at] ?? 0;
      return actual >= (found.lower[at] ?? 0) && actual <= (found.upper[at] ?? 0);
    });
    expect(inside.length).toBeGreaterThanOrEqual(10);
  });

  it('is judged on steps it has not seen', () => {
    const last = backTest(passengers, params)?.origins.at(-1);
    expect(last).toMatchObject({ train: 132, test: 12 });
    expect(last?.metrics.mape).toBeLessThanOrEqual(0.035);
    expect(last?.metrics.mase).toBeLessThan(1);
  });

  it('is judged from origins that roll to the end of the series, each by what came before it alone', () => {
    const found = backTest(passengers, params);
    expect(found?.origins.map(({ train, test }) => [train, test])).toEqual([
      [96, 12],
      [108, 12],
      [120, 12],
      [132, 12],
    ]);
    for (const { train, metrics } of found?.origins ?? []) {
      const { point } = forecastSeries(passengers.slice(0, train), params);
      expect(metrics.mape).toBe(numberMetrics(passengers.subarray(train, train + 12), point).mape);
    }
    const mapes = found?.origins.map(({ metrics }) => metrics.mape ?? NaN) ?? [];
    expect(found?.metrics.mape).toBeCloseTo(mapes.reduce((sum, each) => sum + each, 0) / 4, 12);
    expect(found?.metrics.mase).toBeLessThan(1);
  });

  it('is judged from as many origins as leave two seasons to learn from', () => {
    expect(backTest(passengers.subarray(0, 48), params)?.origins.map(({ train }) => train)).toEqual([24, 36]);
    expect(backTest(passengers.subarray(0, 35), params)).toBeNull();
  });

  it('repeats the last season with its drift where seasons are too few to learn', () => {
    const found = forecastSeries(passengers.subarray(0, 20), params);
    expect(found.method).toBe('naive');
    const grown = (found.point[0] ?? 0) - (passengers[8] ?? 0);
    for (const at of found.point.keys())
      expect((found.point[at] ?? 0) - (passengers[8 + at] ?? 0)).toBeCloseTo(grown, 9);
  });

  it('of a series that never changes is that value', () => {
    const { point, lower, upper } = forecastSeries(new Float64Array(40).fill(7), { ...params, horizon: 3 });
    expect([point, lower, upper]).toEqual([
      [7, 7, 7],
      [7, 7, 7],
      [7, 7, 7],
    ]);
  });
});

describe('the calendar of a series', () => {
  it('goes by months, ends of months, quarters, weeks, days and hours', () => {
    const cases: [Float64Array, number, string][] = [
      [seconds('2023-11-01', '2023-12-01', '2024-01-01'), 12, '2024-02-01'],
      [seconds('2023-12-31', '2024-01-31', '2024-02-29'), 12, '2024-03-31'],
      [seconds('2023-07-01', '2023-10-01', '2024-01-01'), 4, '2024-04-01'],
      [seconds('2024-01-01', '2024-01-08', '2024-01-15'), 52, '2024-01-22'],
      [seconds('2024-02-27', '2024-02-28', '2024-02-29'), 7, '2024-03-01'],
    ];
    for (const [times, period, next] of cases) {
      const grain = grainOf(times, true);
      expect(periodOf(grain, true)).toBe(period);
      expect(grain && new Date(after(times.at(-1) ?? 0, grain, 1) * 1000).toISOString().slice(0, 10)).toBe(next);
    }
  });

  it('fills steps without a value between their neighbours, and says how many', () => {
    const times = seconds('2024-01-01', '2024-02-01', '2024-04-01', '2024-05-01');
    const grain = grainOf(times, true);
    const found = grain && withoutGaps(times, Float64Array.of(1, 2, 4, NaN), grain);
    expect(found?.filled).toBe(1);
    expect(found?.values[2]).toBeCloseTo(3, 1);
    expect(found?.values.length).toBe(4);
  });
});
