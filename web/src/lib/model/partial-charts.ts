import type { ModelReport, PartialDependence } from '@datacraft/shared';
import { barsHeight, type Picture } from './model-charts.ts';
import type { Messages } from '#lib/i18n/index.svelte.ts';

type Words = Messages['model'];

/** What the model says at each value of a feature, and how the rows lie along the same axis. */
export interface PartialPictures {
  readonly said: Picture;
  readonly lay: Picture;
}

const HEIGHTS = { said: 180, lay: 72 };
/** Values with a name: more of them are in the table alone. */
const MOST_BARS = 8;

export function partialPictures(partial: PartialDependence, report: ModelReport, words: Words): PartialPictures {
  return {
    said: { key: `partial-${partial.feature}`, ...saidOf(partial, report, words) },
    lay: { key: `lay-${partial.feature}`, ...layOf(partial, words) },
  };
}

function saidOf(partial: PartialDependence, report: ModelReport, words: Words): Omit<Picture, 'key'> {
  const { feature } = partial;
  const isMany = report.task === 'classification' && (report.classes?.length ?? 0) > 2;
  const labels = isMany ? (report.classes ?? []) : meanLabels(report, words);
  const format = report.task === 'classification' ? { format: 'percent' } : {};
  const points = drawnOf(partial);
  const isLine = partial.kind !== 'category';
  return {
    height: isLine || labels.length > 1 ? HEIGHTS.said : barsHeight(points.length),
    spec: {
      type: isLine ? 'line' : 'bar',
      title: feature,
      ...(isMany ? { unit: words.probability } : {}),
      x: { column: 'x', label: feature },
      y: labels.map((label) => ({ column: label, label, ...format })),
    },
    data: {
      columns: [columnOf(partial), ...labels.map((_, at) => ({ name: `y${at}`, type: 'DOUBLE' }))],
      rows: points.map(({ at, means }) => ({
        x: placeOf(partial, at),
        ...Object.fromEntries(means.map((mean, place) => [`y${place}`, mean])),
        total: partial.points.length,
      })),
    },
  };
}

/** Rows of values that are not drawn are one bar: shares add up, what a model says of them does not. */
function layOf(partial: PartialDependence, words: Words): Omit<Picture, 'key'> {
  const { feature, points } = partial;
  const drawn = drawnOf(partial).map(({ at, share }) => ({ x: placeOf(partial, at), y0: share }));
  const others = 1 - drawn.reduce((sum, { y0 }) => sum + y0, 0);
  const rows = drawn.length < points.length ? [...drawn, { x: words.otherValues, y0: Math.max(0, others) }] : drawn;
  const isLine = partial.kind !== 'category';
  return {
    height: isLine ? HEIGHTS.lay : barsHeight(rows.length),
    spec: {
      type: isLine ? 'area' : 'bar',
      x: { column: 'x', label: feature },
      y: { column: 'y', label: words.share, format: 'percent' },
    },
    data: { columns: [columnOf(partial), { name: 'y0', type: 'DOUBLE' }], rows },
  };
}

/** Labels come with the most frequent ones first. */
function drawnOf({ kind, points }: PartialDependence): PartialDependence['points'] {
  return kind === 'category' ? points.slice(0, MOST_BARS) : points;
}

function columnOf({ kind }: PartialDependence) {
  return { name: 'x', type: kind === 'time' ? 'TIMESTAMP' : kind === 'number' ? 'DOUBLE' : 'VARCHAR' };
}

/** Of two classes the second alone is told of; of numbers what is predicted. */
export function meanLabels({ classes = [], task }: Pick<ModelReport, 'classes' | 'task'>, words: Words): string[] {
  if (task !== 'classification') return [words.predicted];
  return classes.length === 2 ? [words.shareOf(classes[1] ?? '')] : classes.map((name) => words.shareOf(name));
}

/** Charts take times in milliseconds. */
function placeOf({ kind }: PartialDependence, at: number | string): number | string {
  return kind === 'time' && typeof at === 'number' ? at * 1000 : at;
}
