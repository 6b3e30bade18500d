/** Sums for least squares: `matrix` is square and symmetric, row by row; only its lower half is filled. */
export class NormalEquations {
  readonly #size: number;
  readonly #matrix: Float64Array;
  readonly #right: Float64Array;

  constructor(size: number) {
    this.#size = size;
    this.#matrix = new Float64Array(size * size);
    this.#right = new Float64Array(size);
  }

  /** Adds `weight * row * rowᵀ` to the matrix and `pull * row` to the right side. */
  add(row: Float64Array, weight: number, pull: number): void {
    const size = this.#size;
    for (let i = 0; i < size; i += 1) {
      const value = row[i] ?? 0;
      if (value === 0) continue;
      const weighted = weight * value;
      for (let j = 0; j <= i; j += 1)
        this.#matrix[i * size + j] = (this.#matrix[i * size + j] ?? 0) + weighted * (row[j] ?? 0);
      this.#right[i] = (this.#right[i] ?? 0) + pull * value;
    }
  }

  /** A ridge on every coefficient but the last, the intercept: `around` is what it pulls towards zero. */
  ridge(l2: number, around: readonly number[]): void {
    for (let i = 0; i < this.#size; i += 1) {
      const own = i === this.#size - 1 ? 1e-9 : l2 + 1e-9;
      this.#matrix[i * this.#size + i] = (this.#matrix[i * this.#size + i] ?? 0) + own;
      this.#right[i] = (this.#right[i] ?? 0) - own * (around[i] ?? 0);
    }
  }

  /** By Cholesky. */
  solve(): number[] {
    const [size, lower] = [this.#size, this.#lower()];
    return backward(lower, forward(lower, this.#right, size), size);
  }

  /** Of the matrix, row by row. */
  inverse(): number[][] {
    const size = this.#size;
    const lower = this.#lower();
    const unit = (at: number) => Float64Array.from({ length: size }, (_, i) => (i === at ? 1 : 0));
    return Array.from({ length: size }, (_, at) => backward(lower, forward(lower, unit(at), size), size));
  }

  #lower(): Float64Array {
    const size = this.#size;
    const lower = this.#matrix.slice();
    for (let j = 0; j < size; j += 1) {
      for (let i = j; i < size; i += 1) {
        let sum = lower[i * size + j] ?? 0;
        for (let k = 0; k < j; k += 1) sum -= (lower[i * size + k] ?? 0) * (lower[j * size + k] ?? 0);
        lower[i * size + j] = i === j ? Math.sqrt(Math.max(sum, 1e-12)) : sum / (lower[j * size + j] ?? 1);
      }
    }
    return lower;
  }
}

function forward(lower: Float64Array, right: Float64Array, size: number): number[] {
  const found: number[] = [];
  for (let i = 0; i < size; i += 1) {
    let sum = right[i] ?? 0;
    for (let k = 0; k < i; k += 1) sum -= (lower[i * size + k] ?? 0) * (found[k] ?? 0);
    found.push(sum / (lower[i * size + i] ?? 1));
  }
  return found;
}

function backward(lower: Float64Array, right: readonly number[], size: number): number[] {
  const found = [...right];
  for (let i = size - 1; i >= 0; i -= 1) {
    let sum = found[i] ?? 0;
    for (let k = i + 1; k < size; k += 1) sum -= (lower[k * size + i] ?? 0) * (found[k] ?? 0);
    found[i] = sum / (lower[i * size + i] ?? 1);
  }
  return found;
}
