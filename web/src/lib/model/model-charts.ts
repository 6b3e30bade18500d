import type { ModelReport } from '@datacraft/shared';
import type { ChartRows } from '#lib/chart/rows.ts';
import type { ChartPicture } from '#lib/chart/series.ts';
import type { Messages } from '#lib/i18n/index.svelte.ts';

export interface Picture {
  readonly key: string;
  /** Where it is another one than usual: each bar with a name has its line. */
  readonly height?: number;
  readonly spec: ChartPicture;
  readonly data: ChartRows;
}

type Words = Messages['model'];
export const number = (name: string) => ({ name, type: 'DOUBLE' });

/** What a report is drawn as; nothing for what the report does not hold. */
export function picturesOf(report: ModelReport, words: Words): Picture[] {
  return [
    roc(report, words),
    precisionRecall(report, words),
    calibration(report, words),
    importance(report, words),
    gain(report, words),
    residuals(report, words),
    curve(report, words),
    groups(report, words),
  ].filter((picture) => picture !== null);
}

/** Of a picture in a report. */
export const HEIGHT = 200;
const SHOWN = 12;
const LINE = 18;

/** Of bars that lie below each other. */
export function barsHeight(bars: number): number {
  return bars * LINE + 8;
}

function roc({ roc: points }: ModelReport, words: Words): Picture | null {
  return drawn(
    { key: 'roc', type: 'line', title: words.roc, x: words.falsePositives, y: words.truePositives },
    points?.map((point) => ({ x: point.falsePositives, y0: point.truePositives })),
  );
}

/** At each threshold of the ROC curve: shares of both classes and how many there were of each say how many were right. */
function precisionRecall({ roc: points, confusion }: ModelReport, words: Words): Picture | null {
  const { recall = '', precision = '' } = words.metrics;
  const [others, there] = (confusion ?? []).map((row) => row.reduce((sum, count) => sum + count, 0));
  if (others === undefined || there === undefined) return null;
  return drawn(
    { key: 'pr', type: 'line', title: words.precisionRecall, x: recall, y: precision },
    points?.flatMap(({ truePositives, falsePositives }) => {
      const [right, wrong] = [truePositives * there, falsePositives * others];
      return right + wrong === 0 ? [] : [{ x: truePositives, y0: right / (right + wrong) }];
    }),
  );
}

function importance({ importance: features }: ModelReport, words: Words): Picture | null {
  return firstBars(
    { key: 'importance', type: 'bar', title: words.importance, y: words.lost },
    features?.map((each) => ({ x: each.feature, y0: Math.max(0, each.permutation) })),
  );
}

/** What was said, and what came, beside what a model that is never wrong about itself would say. */
function calibration({ calibration: bins }: ModelReport, words: Words): Picture | null {
  if (bins === undefined || bins.length < 2) return null;
  const measures = [words.came, words.ideal];
  return {
    key: 'calibration',
    spec: {
      type: 'line',
      title: words.calibration,
      x: { column: 'x', label: words.saidShare },
      y: measures.map((label) => ({ column: label, label })),
    },
    data: {
      columns: [number('x'), number('y0'), number('y1')],
      rows: bins.map(({ predicted, actual }) => ({ x: predicted, y0: actual, y1: predicted })),
    },
  };
}

/** Of trees alone. */
function gain({ importance: features }: ModelReport, words: Words): Picture | null {
  const gained = features?.filter((each) => (each.gain ?? 0) > 0).sort((a, b) => (b.gain ?? 0) - (a.gain ?? 0));
  return firstBars(
    { key: 'gain', type: 'bar', title: words.gain, y: words.gained, format: 'percent' },
    gained?.map((each) => ({ x: each.feature, y0: each.gain ?? 0 })),
  );
}

/** The largest, and of how many they are. */
function firstBars(look: Look, all: readonly Spot[] | undefined): Picture | null {
  const picture = drawn(look, all?.slice(0, SHOWN));
  if (picture === null) return null;
  const { columns, rows } = picture.data;
  const total = all?.length ?? 0;
  return {
    ...picture,
    height: Math.max(HEIGHT, barsHeight(rows.length)),
    data: { columns, rows: rows.map((row) => ({ ...row, total })) },
  };
}

function residuals({ residuals: points }: ModelReport, words: Words): Picture | null {
  return drawn(
    { key: 'residuals', type: 'scatter', title: words.residuals, x: words.actual, y: words.predicted },
    points?.map((point) => ({ x: point.actual, y0: point.predicted })),
  );
}

function groups({ clusters }: ModelReport, words: Words): Picture | null {
  return drawn(
    { key: 'groups', type: 'bar', title: words.clusters, x: words.cluster, y: words.count },
    clusters?.map((each) => ({ x: String(each.cluster), y0: each.rows })),
  );
}

interface Look {
  readonly key: string;
  readonly type: 'line' | 'bar' | 'scatter';
  readonly title: string;
  readonly x?: string;
  readonly y: string;
  readonly format?: string;
}

type Spot = Readonly<{ x: string | number; y0: number }>;

/** One measure over one axis; without an axis label the axis needs none. */
function drawn(look: Look, rows: readonly Spot[] | undefined): Picture | null {
  const first = rows?.[0];
  if (rows === undefined || first === undefined) return null;
  return {
    key: look.key,
    spec: {
      type: look.type,
      title: look.title,
      x: look.x === undefined ? 'x' : { column: 'x', label: look.x },
      y: { column: 'y', label: look.y, ...(look.format === undefined ? {} : { format: look.format }) },
    },
    data: {
      columns: [{ name: 'x', type: typeof first.x === 'number' ? 'DOUBLE' : 'VARCHAR' }, number('y0')],
      rows: [...rows],
    },
  };
}

/** Losses by number of trees: of a report, or of a training that goes on. */
export function curve({ curve: points }: Pick<ModelReport, 'curve'>, words: Words): Picture | null {
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
