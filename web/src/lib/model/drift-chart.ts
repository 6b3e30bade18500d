import type { DriftOf } from '@datacraft/shared';
import { formatNumber } from '#lib/i18n/format.ts';
import type { Messages } from '#lib/i18n/index.svelte.ts';
import type { Picture } from './model-charts.ts';

const BARS = 10;

/** Shares of a column in training and now, side by side: about ten bars of numbers, the commonest labels of others. */
export function layPicture(column: DriftOf, title: string, words: Messages['model']): Picture {
  const bars = column.kind === 'number' ? ranges(column) : labels(column);
  const [all, others] = [total(column.training), total(column.now)];
  return {
    key: 'drift',
    spec: {
      type: 'bar',
      title,
      x: 'x',
      y: [
        { column: words.inTraining, label: words.inTraining },
        { column: words.lately, label: words.lately },
      ],
      unit: '%',
    },
    data: {
      columns: [
        { name: 'x', type: 'VARCHAR' },
        { name: 'y0', type: 'DOUBLE' },
        { name: 'y1', type: 'DOUBLE' },
      ],
      rows: bars.map(({ label, training, now }) => ({
        x: label,
        y0: share(training, all),
        y1: share(now, others),
      })),
    },
  };
}

interface Bar {
  label: string;
  training: number;
  now: number;
}

/** Each range begins at its label; neighbours are taken together until about ten are left. */
export function ranges({ cuts, training, now }: DriftOf): Bar[] {
  const step = Math.max(1, Math.ceil(training.length / BARS));
  return Array.from({ length: Math.ceil(training.length / step) }, (_, at) => {
    const [from, to] = [at * step, (at + 1) * step];
    const start = cuts[from - 1];
    return {
      label:
        start === undefined
          ? `< ${formatNumber(round(cuts[to - 1] ?? cuts[0] ?? 0))}`
          : `≥ ${formatNumber(round(start))}`,
      training: total(training.slice(from, to)),
      now: total(now.slice(from, to)),
    };
  });
}

function labels({ labels: names, training, now }: DriftOf): Bar[] {
  return names
    .map((label, at) => ({ label, training: training[at] ?? 0, now: now[at] ?? 0 }))
    .sort((a, b) => b.training + b.now - (a.training + a.now))
    .slice(0, BARS);
}

const round = (value: number): number => Number(value.toPrecision(3));
const share = (part: number, all: number): number => (all === 0 ? 0 : Math.round((1000 * part) / all) / 10);
const total = (counts: readonly number[]): number => counts.reduce((sum, count) => sum + count, 0);
