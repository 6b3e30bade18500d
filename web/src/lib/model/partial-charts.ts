import type { ModelReport, PartialDependence } from '@datacraft/shared';
import type { Picture } from './model-charts.ts';
import type { Messages } from '#lib/i18n/index.svelte.ts';

type Words = Messages['model'];

/** What the model says at each value of a feature, and how the rows lie along the same axis. */
export interface PartialPictures {
  readonly said: Picture;
  readonly lay: Picture;
}

export function partialPictures(partial: PartialDependence, report: ModelReport, words: Words): PartialPictures {
  const { feature, kind } = partial;
  const labels = meanLabels(report, words);
  const format = report.task === 'classification' ? { format: 'percent' } : {};
  const isLine = kind !== 'category';
  const column = { name: 'x', type: kind === 'time' ? 'TIMESTAMP' : kind === 'number' ? 'DOUBLE' : 'VARCHAR' };
  const rowOf = ({ at, means }: PartialDependence['points'][number]) => ({
    x: placeOf(kind, at),
    ...Object.fromEntries(means.map((mean, place) => [`y${place}`, mean])),
  });
  return {
    said: {
      key: `partial-${feature}`,
      spec: {
        type: isLine ? 'line' : 'bar',
        title: feature,
        x: { column: 'x', label: feature },
        y: labels.map((label) => ({ column: label, label, ...format })),
      },
      data: {
        columns: [column, ...labels.map((_, at) => ({ name: `y${at}`, type: 'DOUBLE' }))],
        rows: partial.points.map(rowOf),
      },
    },
    lay: {
      key: `lay-${feature}`,
      spec: {
        type: isLine ? 'area' : 'bar',
        x: { column: 'x', label: feature },
        y: { column: 'y', label: words.share, format: 'percent' },
      },
      data: {
        columns: [column, { name: 'y0', type: 'DOUBLE' }],
        rows: partial.points.map(({ at, share }) => ({ x: placeOf(kind, at), y0: share })),
      },
    },
  };
}

/** Of two classes the second alone is told of; of numbers what is predicted. */
export function meanLabels({ classes = [], task }: Pick<ModelReport, 'classes' | 'task'>, words: Words): string[] {
  if (task !== 'classification') return [words.predicted];
  return classes.length === 2 ? [words.shareOf(classes[1] ?? '')] : classes.map((name) => words.shareOf(name));
}

/** Charts take times in milliseconds. */
function placeOf(kind: PartialDependence['kind'], at: number | string): number | string {
  return kind === 'time' && typeof at === 'number' ? at * 1000 : at;
}
