import { withQuery } from '@datacraft/engine';
import type { Said } from '@datacraft/shared';
import { Fault, figuresOf, say } from '@datacraft/shared';
import { recordSample } from '../samples.ts';
import type { Rule } from '../rules.ts';
import type { Observation } from '../transition.ts';
import type { Placed } from './band.ts';
import { neededFor, placeLast } from './band.ts';
import { seeForecast } from './forecast.ts';
import { samplesOf } from './metric.ts';
import { shortTime } from './short-time.ts';
import { QUERY_MS, readingOfWriter } from './sql.ts';
import type { World } from './world.ts';

const LEVEL = 0.99;
const ROWS_MAX = 5_000;

/** A number that leaves the band forecast from what it was before: of a forecast cell, of a query's rows, or of a metric from look to look. */
export async function seeDeviation(rule: Rule, world: World): Promise<Observation[]> {
  const { model, sql } = rule.config;
  if (model !== undefined) {
    const { shown, placed, notebookId } = await seeForecast(rule, model, world);
    const link = `/models/${encodeURIComponent(model)}`;
    return placed.isOut
      ? [{ ...observation(rule, model, shown, placed), ...ofNotebook(placed, notebookId), link }]
      : [];
  }
  const { period = 1, level = LEVEL } = rule.config;
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
  const { rows, columns } = await withQuery({ sql: config.sql ?? '', timeoutMs: QUERY_MS }, reading, (query) =>
    query.session.rows(query.select, { limit: ROWS_MAX }),
  );
  if (rows.length >= ROWS_MAX)
    throw new Fault(
      'bad-request',
      say('the query gives more than {most} rows: keep the latest, in the order of time', { most: ROWS_MAX }),
    );
  const known = rows.filter((row) => row.at(-1) !== null && row.at(-1) !== undefined);
  const values = known.map((row) => Number(row.at(-1)));
  if (values.some(Number.isNaN))
    throw new Fault('bad-request', 'the last column of the query is no number: select a time and a number');
  const when = known.at(-1)?.[0];
  const shown =
    columns.length > 1 && typeof when === 'string'
      ? say('{what} of {when}', { what: columns.at(-1)?.name ?? '', when: shortTime(when) })
      : say('the last value of the query');
  return { key: 'series', shown, values };
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
  const [value, lower, upper] = figuresOf(placed.value, placed.lower, placed.upper);
  const told = { shown, value, lower, upper };
  return {
    key,
    cause: `rule:${id}`,
    title: name,
    summary:
      placed.value > placed.upper
        ? say('{shown} is {value}, above what was forecast: {lower} to {upper}', told)
        : say('{shown} is {value}, below what was forecast: {lower} to {upper}', told),
    facts: { value: placed.value },
    link: null,
  };
}

function ofNotebook({ value }: Placed, notebookId: string | null): Pick<Observation, 'facts'> {
  return { facts: { value, ...(notebookId === null ? {} : { notebookId }) } };
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
