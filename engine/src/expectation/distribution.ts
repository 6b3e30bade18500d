/**
 * What is measured of a column, and the band it must lie in.
 *
 * A band is two bounds, or so many standard deviations around the mean of the last results that passed. Until there are
 * LEARNING of those, what is measured passes and is remembered, and the check says so.
 */
import type { Band, Expectation, MeasuredColumn, Said } from '@datacraft/shared';
import { quoteIdentifier, say, statistics } from '@datacraft/shared';
import type { CompiledRule } from './rule.ts';

const LEARNING = 5;
const HISTORY = 20;

/** One rule for each statistic, so that each has results of its own. */
export function distributionRules(rule: Extract<Expectation, { distribution: unknown }>): CompiledRule[] {
  const { distribution } = rule;
  return measuresOf(distribution).map(({ name, sql, band }) => ({
    kind: 'measure',
    label: `distribution ${distribution.column} ${name} ${bandWords(band)}`,
    outcome: rule.severity === 'warn' ? 'warn' : 'fail',
    band,
    measure: (from) => `select (${sql})::double as "value" from ${from}`,
  }));
}

interface Measure {
  readonly name: string;
  readonly sql: string;
  readonly band: Band;
}

function measuresOf(distribution: MeasuredColumn): Measure[] {
  const column = quoteIdentifier(distribution.column);
  const sqlOf = {
    mean: `avg(${column})`,
    stddev: `stddev_samp(${column})`,
    min: `min(${column})`,
    max: `max(${column})`,
    median: `median(${column})`,
    nulls: `count(*) filter (${column} is null) / nullif(count(*), 0)`,
    distinct: `count(distinct ${column}) / nullif(count(*), 0)`,
  };
  const plain = statistics.flatMap((name) => {
    const band = distribution[name];
    return band === undefined ? [] : [{ name, sql: sqlOf[name], band }];
  });
  const quantiles = Object.entries(distribution.quantiles ?? {}).map(([share, band]) => ({
    name: `quantile ${share}`,
    sql: `quantile_cont(${column}, ${Number(share)})`,
    band,
  }));
  return [...plain, ...quantiles];
}

function bandWords({ min, max, deviations, history }: Band): string {
  const bounds = min === undefined && max === undefined ? [] : [`${min ?? ''}..${max ?? ''}`];
  const near = deviations === undefined ? [] : [`within ${deviations} sd of the last ${history ?? HISTORY}`];
  return [...bounds, ...near].join(', ');
}

/** How many earlier results a band looks at; 0 when its bounds stand in the text. */
export function historyOf(band: Band): number {
  return band.deviations === undefined ? 0 : (band.history ?? HISTORY);
}

export interface Placement {
  readonly ok: boolean;
  /** Why it is out, or that it is still learned what is usual. */
  readonly reason?: Said;
}

/** Whether `value` lies in the band; `past` are the results it is held against. */
export function placeIn(band: Band, value: number, past: readonly number[]): Placement {
  const { min, max, deviations } = band;
  if (min !== undefined && value < min) return out(say('{value} is below {min}', { value: short(value), min }));
  if (max !== undefined && value > max) return out(say('{value} is above {max}', { value: short(value), max }));
  if (deviations === undefined) return { ok: true };
  if (past.length < LEARNING)
    return {
      ok: true,
      reason: say('learning what is usual: {count} of {needed} earlier results', {
        count: past.length,
        needed: LEARNING,
      }),
    };
  const mean = past.reduce((sum, each) => sum + each, 0) / past.length;
  const spread = Math.sqrt(past.reduce((sum, each) => sum + (each - mean) ** 2, 0) / (past.length - 1));
  // Equal results differ in their last digits when rows come in another order.
  const reach = Math.max(deviations * spread, Math.abs(mean) * 1e-9);
  if (Math.abs(value - mean) <= reach) return { ok: true };
  const [lower, upper] = [short(mean - reach), short(mean + reach)];
  return out(
    say('{value} is outside {lower} to {upper}, as the last {count} results have it', {
      value: short(value),
      lower,
      upper,
      count: past.length,
    }),
  );
}

function out(reason: Said): Placement {
  return { ok: false, reason };
}

function short(value: number): string {
  return String(Number(value.toPrecision(6)));
}
