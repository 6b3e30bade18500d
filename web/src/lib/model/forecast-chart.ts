import type { QueryAnswer } from '@datacraft/shared';
import type { Messages } from '#lib/i18n/index.svelte.ts';
import type { Picture } from './model-charts.ts';
import { number } from './model-charts.ts';

export interface ForecastLook {
  readonly target: string;
  /** Side by side; none where the forecast tells no scenarios apart. */
  readonly scenarios: readonly string[];
}

/** Rows of a forecast, the newest first, as they lie in time: with its band, or a line of each scenario. */
export function forecastPicture(
  answer: QueryAnswer,
  { target, scenarios }: ForecastLook,
  words: Messages['model'],
): Picture {
  const lines = scenarios.length > 1 ? scenarios : [words.forecast];
  const hasBand = lines.length === 1;
  const labels = [target, ...lines, ...(hasBand ? [words.lower, words.upper] : [])];
  const rows = new Map<number | string, Record<string, number | string | null>>();
  for (const row of answer.rows.toReversed()) {
    const x = timeOf(row['x']);
    const line = hasBand ? 0 : lines.indexOf(String(row['s']));
    const own = rows.get(x) ?? { x, ...Object.fromEntries(labels.map((_, at) => [`y${at}`, null])) };
    rows.set(x, own);
    own['y0'] ??= numberOf(row['actual']);
    if (line >= 0) own[`y${line + 1}`] = numberOf(row['forecast']);
    if (hasBand) [own['y2'], own['y3']] = [numberOf(row['lower']), numberOf(row['upper'])];
  }
  const isTime = [...rows.keys()].every((x) => typeof x === 'number');
  return {
    key: 'forecast',
    spec: { type: 'line', title: words.forecast, x: 'x', y: labels.map((label) => ({ column: label, label })) },
    data: {
      columns: [{ name: 'x', type: isTime ? 'DATE' : 'VARCHAR' }, ...labels.map((_, at) => number(`y${at}`))],
      rows: [...rows.values()],
    },
  };
}

function timeOf(value: unknown): number | string {
  const text = String(value);
  const at = Date.parse(text.length === 10 ? text : `${text.replace(' ', 'T')}Z`);
  return Number.isNaN(at) ? text : at;
}

function numberOf(value: unknown): number | null {
  return value === null || value === undefined ? null : Number(value);
}
