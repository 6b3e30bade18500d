export interface NumberMetrics {
  readonly rmse: number;
  readonly mae: number;
  /** Null when all actual values are equal. */
  readonly r2: number | null;
  /** A share, not percent; null when an actual value is 0. */
  readonly mape: number | null;
}

export function numberMetrics(actual: ArrayLike<number>, predicted: ArrayLike<number>): NumberMetrics {
  const count = actual.length;
  let [squares, absolute, relative, sum] = [0, 0, 0, 0];
  let hasZero = false;
  for (let i = 0; i < count; i += 1) {
    const value = actual[i] ?? 0;
    const error = value - (predicted[i] ?? 0);
    squares += error ** 2;
    absolute += Math.abs(error);
    sum += value;
    if (value === 0) hasZero = true;
    else relative += Math.abs(error / value);
  }
  const mean = sum / count;
  let spread = 0;
  for (let i = 0; i < count; i += 1) spread += ((actual[i] ?? 0) - mean) ** 2;
  return {
    rmse: Math.sqrt(squares / count),
    mae: absolute / count,
    r2: spread === 0 ? null : 1 - squares / spread,
    mape: hasZero ? null : relative / count,
  };
}
