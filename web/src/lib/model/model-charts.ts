import type { ModelReport, QueryAnswer } from '@datacraft/shared';
import type { ChartRows } from '#lib/chart/rows.ts';
import type { ChartPicture } from '#lib/chart/series.ts';
import type { Messages } from '#lib/i18n/index.svelte.ts';

export interface Picture {
  readonly key: string;
  readonly spec: ChartPicture;
  readonly data: ChartRows;
}

type Words = Messages['model'];
const number = (name: string) => ({ name, type: 'DOUBLE' });

/** What a report is drawn as; nothing for what the report does not hold. */
export function picturesOf(report: ModelReport, words: Words): Picture[] {
  return [
    roc(report, words),
    importance(report, words),
    residuals(report, words),
    curve(report, words),
    groups(report, words),
  ].filter((picture) => picture !== null);
}

function roc({ roc: points }: ModelReport, words: Words): Picture | null {
  if (points === undefined || points.length === 0) return null;
  const rows = points.map((point) => ({ x: point.falsePositives, y0: point.truePositives }));
  return {
    key: 'roc',
    spec: {
      type: 'line',
      title: words.roc,
      x: { column: 'x', label: words.falsePositives },
      y: { column: 'y', label: words.truePositives },
    },
    data: { columns: [number('x'), number('y0')], rows },
  };
}

const SHOWN = 12;

function importance({ importance: features }: ModelReport, words: Words): Picture | null {
  if (features === undefined || features.length === 0) return null;
  const rows = features.slice(0, SHOWN).map((each) => ({ x: each.feature, y0: Math.max(0, each.permutation) }));
  return {
    key: 'importance',
    spec: { type: 'bar', title: words.importance, x: 'x', y: { column: 'y', label: words.lost } },
    data: { columns: [{ name: 'x', type: 'VARCHAR' }, number('y0')], rows },
  };
}

function residuals({ residuals: points }: ModelReport, words: Words): Picture | null {
  if (points === undefined || points.length === 0) return null;
  return {
    key: 'residuals',
    spec: {
      type: 'scatter',
      title: words.residuals,
      x: { column: 'x', label: words.actual },
      y: { column: 'y', label: words.predicted },
    },
    data: {
      columns: [number('x'), number('y0')],
      rows: points.map((point) => ({ x: point.actual, y0: point.predicted })),
    },
  };
}

function curve({ curve: points }: ModelReport, words: Words): Picture | null {
  if (points === undefined || points.length < 2) return null;
  const held = points.some((point) => point.validation !== null);
  const measures = [words.training, ...(held ? [words.validation] : [])];
  return {
    key: 'curve',
    spec: {
      type: 'line',
      title: words.curve,
      unit: words.loss,
      x: { column: 'x', label: words.trees },
      y: measures.map((label) => ({ column: label, label })),
    },
    data: {
      columns: [number('x'), number('y0'), ...(held ? [number('y1')] : [])],
      rows: points.map((point) => ({ x: point.trees, y0: point.train, ...(held ? { y1: point.validation } : {}) })),
    },
  };
}

function groups({ clusters }: ModelReport, words: Words): Picture | null {
  if (clusters === undefined) return null;
  return {
    key: 'groups',
    spec: {
      type: 'bar',
      title: words.clusters,
      x: { column: 'x', label: words.cluster },
      y: { column: 'y', label: words.count },
    },
    data: {
      columns: [{ name: 'x', type: 'VARCHAR' }, number('y0')],
      rows: clusters.map((each) => ({ x: String(each.cluster), y0: each.rows })),
    },
  };
}

/** Rows of a forecast, the newest first, as they lie in time. */
export function forecastPicture(answer: QueryAnswer, target: string, words: Words): Picture {
  const rows = answer.rows.toReversed().map((row) => ({
    x: timeOf(row['x']),
    y0: numberOf(row['y0']),
    y1: numberOf(row['y1']),
    y2: numberOf(row['y2']),
    y3: numberOf(row['y3']),
  }));
  const isTime = rows.every((row) => typeof row.x === 'number');
  const labels = [target, words.forecast, words.lower, words.upper];
  return {
    key: 'forecast',
    spec: { type: 'line', title: words.forecast, x: 'x', y: labels.map((label) => ({ column: label, label })) },
    data: {
      columns: [
        { name: 'x', type: isTime ? 'DATE' : 'VARCHAR' },
        number('y0'),
        number('y1'),
        number('y2'),
        number('y3'),
      ],
      rows,
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
