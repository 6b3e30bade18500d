import { withQuery } from '@datacraft/engine';
import type { Said } from '@datacraft/shared';
import { Fault, say } from '@datacraft/shared';
import type { Rule } from '../rules.ts';
import type { Observation } from '../transition.ts';
import { recordSample } from '../samples.ts';
import type { Placed } from './band.ts';
import { neededFor, placeLast } from './band.ts';
import { samplesOf } from './metric.ts';
import { QUERY_MS, readingOfWriter } from './sql.ts';
import type { World } from './world.ts';

const LEVEL = 0.99;
const ROWS_MAX = 5_000;

/** A number that leaves the band forecast from what it was before: of a query's rows, or of a metric from look to look. */
export async function seeDeviation(rule: Rule, world: World): Promise<Observation[]> {
  const { period = 1, level = LEVEL, sql } = rule.config;
  const series = sql === undefined ? await metricSeries(rule, world) : [await querySeries(rule, world)];
  return series.flatMap(({ key, shown, values }) => {
    const placed = placeLast(values, { period, level });
    if (placed === null && sql !== undefined) throw tooFew(values.length, period);
    return placed?.isOut === true ? [observation(rule, key, shown, placed)] : [];
  });
}

interface Series {
  readonly key: string;
  /** How people call it. */
  readonly shown: string | Said;
  readonly values: readonly number[];
}

/** Rows in the order of time; the last column is the value. NULL is no value. */
async function querySeries({ config, writtenBy }: Rule, { engine }: World): Promise<Series> {
  const reading = await readingOfWriter(engine, writtenBy);
  const rows = await withQuery({ sql: config.sql ?? '', timeoutMs: QUERY_MS }, reading, async (query) => {
    const page = await query.session.rows(query.select, { limit: ROWS_MAX });
    return page.rows;
  });
  if (rows.length >= ROWS_MAX)
    throw new Fault(
      'bad-request',
      say('the query gives more than {most} rows: keep the latest, in the order of time', { most: ROWS_MAX }),
    );
  const values = rows.flatMap((row) => (row.at(-1) === null || row.at(-1) === undefined ? [] : [Number(row.at(-1))]));
  if (values.some(Number.isNaN))
    throw new Fault('bad-request', 'the last column of the query is no number: select a time and a number');
  return { key: 'series', shown: say('the last value of the query'), values };
}

/** Each sample of the metric is a series of its own; this look becomes part of it. */
async function metricSeries({ id, config }: Rule, world: World): Promise<Series[]> {
  const found = await samplesOf(config, world);
  const series: Series[] = [];
  for (const { labels, value } of found) {
    const key = JSON.stringify(labels);
    const shown = Object.entries(labels).map(([label, has]) => `${label}=${has}`);
    const where = shown.length === 0 ? '' : ` (${shown.join(', ')})`;
    const values = await recordSample(world.engine.run.db, { ruleId: id, key, at: world.now, value });
    series.push({ key, shown: `${config.metric ?? ''}${where}`, values });
  }
  return series;
}

function observation({ id, name }: Rule, key: string, shown: string | Said, placed: Placed): Observation {
  const [value, lower, upper] = [short(placed.value), short(placed.lower), short(placed.upper)];
  return {
    key,
    cause: `rule:${id}`,
    title: name,
    summary: say('{shown} is {value}, outside of the forecast {lower} to {upper}', { shown, value, lower, upper }),
    facts: { value: placed.value },
    link: null,
  };
}

function tooFew(given: number, period: number): Fault {
  return new Fault(
    'bad-request',
    say(
      'a band needs {needed} values and the query gives {given}: let it give more of the past, or name a shorter `period`',
      { needed: neededFor(period) + 1, given },
    ),
    { field: 'sql' },
  );
}

function short(value: number): string {
  return String(Number(value.toPrecision(6)));
}
