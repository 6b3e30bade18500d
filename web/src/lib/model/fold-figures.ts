import type { ModelReport } from '@datacraft/shared';

export interface FoldFigure {
  readonly name: string;
  readonly mean: number;
  readonly deviation: number;
  /** On the hold-out. */
  readonly own: number | null;
}

/** Of each measure that every fold has: its mean over the folds and how far they lie from it. */
export function foldFigures({ folds = [], metrics }: ModelReport): FoldFigure[] {
  return Object.keys(folds[0]?.metrics ?? {}).flatMap((name) => {
    const values = folds.flatMap((fold) => fold.metrics[name] ?? []);
    if (values.length < folds.length) return [];
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
    const deviation = Math.sqrt(squares / Math.max(1, values.length - 1));
    return [{ name, mean, deviation, own: metrics[name] ?? null }];
  });
}
