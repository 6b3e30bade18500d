/** How much of the data a result was computed from. A sample anywhere upstream makes everything after it a sample. */
export type Extent =
  | { readonly kind: 'full' }
  /** `rows` of `total` of the input with the smallest share; `total` is null when the source does not know. */
  | { readonly kind: 'sample'; readonly rows: number; readonly total: number | null; readonly of: string };

export const FULL: Extent = { kind: 'full' };

/** The extent of what is computed from these inputs. */
export function combineExtents(inputs: readonly Extent[]): Extent {
  return inputs.reduce((worst, next) => (shareOf(next) < shareOf(worst) ? next : worst), FULL);
}

function shareOf(extent: Extent): number {
  if (extent.kind === 'full') return 2;
  if (extent.total === null || extent.total === 0) return 0;
  return extent.rows / extent.total;
}

/** The extent of the first `limit` rows of what has `total`. */
export function extentOfRows(total: number | null, limit: number, of: string): Extent {
  return total !== null && total <= limit ? FULL : { kind: 'sample', rows: limit, total, of };
}
