import type { RegisteredModel } from '@datacraft/engine';
import { FEWEST_BESIDE, lastBeside, loadModelVersions, withQuery } from '@datacraft/engine';
import type { Said } from '@datacraft/shared';
import { Fault, say } from '@datacraft/shared';
import type { Rule } from '../rules.ts';
import type { Placed } from './band.ts';
import { placed } from './band.ts';
import { shortTime } from './short-time.ts';
import { QUERY_MS, readingOfWriter } from './sql.ts';
import type { World } from './world.ts';

const LEVEL = 0.99;
const STEPS_MAX = 5_000;

interface Seen {
  readonly shown: Said;
  readonly placed: Placed;
  readonly notebookId: string | null;
}

/** The last actual value that a forecast cell published, beside what it would have forecast from those before it. */
export async function seeForecast({ config, writtenBy }: Rule, name: string, { engine }: World): Promise<Seen> {
  const [model] = await loadModelVersions(engine.run.db, name);
  const { time_column: time, target } = model?.spec ?? {};
  if (model === undefined || model.task !== 'forecast' || time === undefined || target === undefined)
    throw new Fault('bad-request', say('{name} is no forecast: choose a model cell whose task is forecast', { name }));
  const reading = await readingOfWriter(engine, writtenBy);
  const rows = await withQuery({ sql: actualsOf(model, time, target), timeoutMs: QUERY_MS }, reading, async (query) => {
    const page = await query.session.rows(query.select, { limit: STEPS_MAX });
    return page.rows.toReversed();
  });
  const times = rows.map((row) => String(row[0]));
  const values = rows.map((row) => Number(row[1]));
  const isCalendar = times.some((text) => !isPlain(text));
  const found = lastBeside(Float64Array.from(times, secondsOf), Float64Array.from(values), {
    params: model.params,
    level: config.level ?? LEVEL,
    isCalendar,
  });
  if (found === null)
    throw new Fault(
      'bad-request',
      say('a band needs {needed} values and {name} has {given}: it is looked at again when there are more', {
        needed: FEWEST_BESIDE,
        name,
        given: values.length,
      }),
    );
  const shown = say('{what} of {when}', { what: target, when: shortTime(times.at(-1) ?? '') });
  return { shown, placed: placed(found, values.slice(0, -1)), notebookId: model.notebookId };
}

/** The latest first. */
function actualsOf({ relation }: RegisteredModel, time: string, target: string): string {
  const at = quoted(time);
  return `select cast(${at} as varchar), cast(${quoted(target)} as double) from ${relation}
    where kind = 'actual' and ${quoted(target)} is not null order by ${at} desc limit ${STEPS_MAX - 1}`;
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

function isPlain(text: string): boolean {
  return /^-?\d+(\.\d+)?$/.test(text);
}

/** Seconds since 1970 of a day or a moment as DuckDB writes it; a number as it is. */
function secondsOf(text: string): number {
  if (isPlain(text)) return Number(text);
  if (/^\d{4}-\d\d-\d\d$/.test(text)) return Date.parse(text) / 1000;
  const iso = text.replace(' ', 'T').replace(/([+-]\d\d)$/, '$1:00');
  return Date.parse(/[+-]\d\d:\d\d$/.test(iso) ? iso : `${iso}Z`) / 1000;
}
