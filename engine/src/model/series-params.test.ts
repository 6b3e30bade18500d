import { describe, expect, it } from 'vitest';
import { FEWEST_BESIDE, lastBeside } from './series-params.ts';

const DAY = 86_400;
const start = Date.UTC(2026, 0, 5) / 1000;
const daily = { params: {}, level: 0.99, isCalendar: true };
/** Of a shop that sells more at weekends; with some noise that is the same everywhere. */
const sold = (day: number) => 100 + (day % 7 >= 5 ? 80 : 0) + ((day * 37) % 11);
const series = (days: readonly number[], last: number) =>
  [Float64Array.from([...days, last], (day) => start + day * DAY), Float64Array.from([...days, last], sold)] as const;

describe('the last value beside its forecast', () => {
  const days = Array.from({ length: 70 }, (_, day) => day);

  it('is within the band of its day of the week, and outside of that of another', () => {
    const [times, values] = series(days, 70);
    const usual = lastBeside(times, values, daily);
    expect(usual?.value).toBe(sold(70));
    expect(usual?.lower).toBeLessThan(sold(70));
    expect(usual?.upper).toBeGreaterThan(sold(70));
    expect(usual?.upper).toBeLessThan(180);
  });

  it('after a gap is beside the forecast of its own step', () => {
    const [times, values] = series(days, 75);
    const weekend = lastBeside(times, values, daily);
    expect(weekend?.forecast).toBeGreaterThan(170);
    expect(weekend?.lower).toBeLessThan(sold(75));
  });

  it('is beside the band of what is usual, though the value before it was not', () => {
    const [times, values] = series(days, 70);
    const bent = [...values];
    bent[69] = 4321;
    const found = lastBeside(times, Float64Array.from(bent), { ...daily, level: 0.999 });
    expect(found?.lower).toBeLessThan(sold(70));
    expect(found?.upper).toBeGreaterThan(sold(70));
    expect(found?.upper).toBeLessThan(250);
  });

  it('is not told of too few', () => {
    const few = Array.from({ length: FEWEST_BESIDE - 2 }, (_, day) => day);
    expect(lastBeside(...series(few, FEWEST_BESIDE - 2), daily)).toBeNull();
    expect(lastBeside(...series([...few, FEWEST_BESIDE - 2], FEWEST_BESIDE - 1), daily)).not.toBeNull();
  });
});
