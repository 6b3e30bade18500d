import { describe, expect, it } from 'vitest';
import { backTest } from './back-test.ts';
import { fewestSteps, withoutDrivers } from './driver.ts';
import { forecastSeries } from './forecast.ts';
import { seededRandom } from './random.ts';

const STEPS = 60;
const AHEAD = 12;
const params = { horizon: AHEAD, level: 0.95, period: 12, log: 'no' } as const;
/** A price that wanders, also over the steps to come, and a campaign that runs now and then. */
const chance = seededRandom(20_261_130);
const price = Float64Array.from({ length: STEPS + AHEAD }, (_, at) => 10 + Math.sin(at / 7) + chance());
const campaign = Float64Array.from({ length: STEPS + AHEAD }, (_, at) => Number(at % 7 === 3 || at === STEPS + 5));
const usual = (at: number) => 200 + 2 * at + 15 * Math.sin((2 * Math.PI * at) / 12);
const sold = (at: number) => usual(at) - 8 * (price[at] ?? 0) + 25 * (campaign[at] ?? 0);
const values = Float64Array.from({ length: STEPS }, (_, at) => sold(at) + 2 * (chance() - 0.5));
const truth = Array.from({ length: AHEAD }, (_, at) => sold(STEPS + at));

describe('what drives a series', () => {
  it('is told from its trend and season, with how sure that is', () => {
    const found = withoutDrivers(values, [price, campaign], 12);
    const [ofPrice, ofCampaign] = found?.effects ?? [];
    expect(ofPrice?.effect).toBeCloseTo(-8, 0);
    expect(ofCampaign?.effect).toBeCloseTo(25, 0);
    expect(Math.abs((ofPrice?.effect ?? 0) + 8)).toBeLessThan(4 * (ofPrice?.error ?? 0));
    expect(ofPrice?.error).toBeLessThan(1);
  });

  it('is told also of a series whose level wanders', () => {
    let level = 0;
    const wandering = values.map((value) => value + (level += 6 * (chance() - 0.5)));
    const [ofPrice, ofCampaign] = withoutDrivers(wandering, [price, campaign], 12)?.effects ?? [];
    expect(Math.abs((ofPrice?.effect ?? 0) + 8)).toBeLessThan(4 * (ofPrice?.error ?? 0));
    expect(Math.abs((ofCampaign?.effect ?? 0) - 25)).toBeLessThan(4 * (ofCampaign?.error ?? 0));
  });

  it('is forecast with what is known of it: closer than without', () => {
    const missed = (point: readonly number[]) =>
      point.reduce((sum, value, at) => sum + Math.abs(value - (truth[at] ?? 0)), 0) / AHEAD;
    const told = forecastSeries(values, { ...params, drivers: [price, campaign] });
    const plain = forecastSeries(values, params);
    expect(missed(told.point)).toBeLessThan(missed(plain.point) / 2);
    const inside = truth.filter((value, at) => value >= (told.lower[at] ?? 0) && value <= (told.upper[at] ?? 0));
    expect(inside.length).toBeGreaterThanOrEqual(10);
    const mase = (tested: ReturnType<typeof backTest>) => tested?.metrics.mase ?? NaN;
    expect(mase(backTest(values, { ...params, drivers: [price, campaign] }))).toBeLessThan(
      mase(backTest(values, params)),
    );
  });

  it('moves the forecast by what differs between scenarios, and widens the band away from what was seen', () => {
    const dearer = price.map((value, at) => (at < STEPS ? value : value + 5));
    const base = forecastSeries(values, { ...params, drivers: [price, campaign] });
    const other = forecastSeries(values, { ...params, drivers: [dearer, campaign] });
    const effect = base.effects?.[0]?.effect ?? NaN;
    for (let at = 0; at < AHEAD; at += 1) {
      expect((other.point[at] ?? 0) - (base.point[at] ?? 0)).toBeCloseTo(5 * effect, 6);
      const width = ({ upper, lower }: typeof base) => (upper[at] ?? 0) - (lower[at] ?? 0);
      expect(width(other)).toBeGreaterThan(width(base));
    }
  });

  it('changes shares on the logarithm', () => {
    const shares = values.map((_, at) => 100 * Math.exp(0.01 * at - 0.05 * (price[at] ?? 0)));
    const { effects, log } = forecastSeries(shares, { ...params, log: 'yes', drivers: [price] });
    expect(log).toBe(true);
    expect(effects?.[0]?.effect).toBeCloseTo(-0.05, 6);
  });

  it('is nothing where it never changes, and not asked of too few steps', () => {
    const still = price.map(() => 3);
    const found = withoutDrivers(values, [still, campaign], 12);
    expect(found?.effects[0]).toEqual({ effect: 0, error: NaN });
    expect(found?.effects[1]?.effect).toBeCloseTo(25, -1);
    expect(found?.adds(STEPS + 1).error).toBeGreaterThanOrEqual(0);
    const least = fewestSteps(2, 12);
    expect(withoutDrivers(values.subarray(0, least - 1), [price, campaign], 12)).toBeNull();
    expect(withoutDrivers(values.subarray(0, least), [price, campaign], 12)).not.toBeNull();
  });
});
