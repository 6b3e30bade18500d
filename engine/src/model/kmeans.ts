import type { Term } from './design.ts';
import { designOf, designRow } from './design.ts';
import { squared } from './exact.ts';
import type { Columns, Feature } from './feature.ts';
import type { Progress } from './forest.ts';
import type { Random } from './random.ts';

export interface Clusters {
  readonly kind: 'centroids';
  readonly terms: readonly Term[];
  /** In the space of `terms`; the largest cluster first. */
  readonly centroids: readonly (readonly number[])[];
}

export interface ClusterParams {
  readonly clusters: number;
  readonly steps: number;
  readonly restarts: number;
}

export interface ClusterFit {
  readonly model: Clusters;
  /** Sum of squared distances to the own centroid. */
  readonly inertia: number;
}

/** k-means++ starts, Lloyd's steps, the best of some restarts. */
export function fitClusters(
  features: readonly Feature[],
  columns: Columns,
  rows: Int32Array,
  params: ClusterParams,
  random: Random,
  onProgress: Progress,
): ClusterFit {
  const terms = designOf(features, columns, rows);
  const points = pointsOf(terms, columns, rows);
  let best: { centers: Float64Array[]; inertia: number; sizes: number[] } | null = null;
  for (let restart = 0; restart < params.restarts; restart += 1) {
    const found = lloyd(points, starts(points, params.clusters, random), params.steps);
    if (best === null || found.inertia < best.inertia) best = found;
    onProgress((restart + 1) / params.restarts);
  }
  const { centers = [], inertia = 0, sizes = [] } = best ?? {};
  const order = centers.map((_, at) => at).sort((a, b) => (sizes[b] ?? 0) - (sizes[a] ?? 0) || a - b);
  const centroids = order.map((at) => [...(centers[at] ?? [])]);
  return { model: { kind: 'centroids', terms, centroids }, inertia };
}

function pointsOf(terms: readonly Term[], columns: Columns, rows: Int32Array): Float64Array[] {
  const row = new Float64Array(terms.length + 1);
  return Array.from(rows, (at) => designRow(terms, columns, at, row).slice(0, terms.length));
}

function starts(points: readonly Float64Array[], count: number, random: Random): Float64Array[] {
  const first = points[Math.floor(random() * points.length)] ?? new Float64Array();
  const centers = [first.slice()];
  const nearest = points.map((point) => distance(point, first));
  while (centers.length < Math.min(count, points.length)) {
    const total = nearest.reduce((sum, each) => sum + each, 0);
    if (total === 0) break;
    let left = random() * total;
    let chosen = 0;
    while (chosen < points.length - 1 && left >= (nearest[chosen] ?? 0)) left -= nearest[chosen++] ?? 0;
    const center = (points[chosen] ?? first).slice();
    centers.push(center);
    for (const [at, point] of points.entries()) nearest[at] = Math.min(nearest[at] ?? 0, distance(point, center));
  }
  return centers;
}

function lloyd(points: readonly Float64Array[], centers: Float64Array[], steps: number) {
  const own = new Int32Array(points.length).fill(-1);
  let inertia = 0;
  let sizes: number[] = [];
  for (let step = 0; step < steps; step += 1) {
    let moved = 0;
    inertia = 0;
    for (const [at, point] of points.entries()) {
      const found = nearestOf(centers, point);
      inertia += found.distance;
      if (own[at] !== found.center) moved += 1;
      own[at] = found.center;
    }
    sizes = recenter(points, own, centers);
    if (moved === 0) break;
  }
  return { centers, inertia, sizes };
}

function recenter(points: readonly Float64Array[], own: Int32Array, centers: Float64Array[]): number[] {
  const sizes = centers.map(() => 0);
  const sums = centers.map((center) => new Float64Array(center.length));
  for (const [at, point] of points.entries()) {
    const center = own[at] ?? 0;
    sizes[center] = (sizes[center] ?? 0) + 1;
    const sum = sums[center];
    for (let i = 0; sum !== undefined && i < point.length; i += 1) sum[i] = (sum[i] ?? 0) + (point[i] ?? 0);
  }
  for (const [at, sum] of sums.entries()) {
    const size = sizes[at] ?? 0;
    if (size > 0) centers[at] = sum.map((value) => value / size);
  }
  return sizes;
}

function distance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < a.length; i += 1) sum += squared((a[i] ?? 0) - (b[i] ?? 0));
  return sum;
}

/** The square of the distance, and to which center. */
function nearestOf(centers: readonly ArrayLike<number>[], point: Float64Array): { center: number; distance: number } {
  let best = { center: 0, distance: Infinity };
  for (const [center, at] of centers.entries()) {
    const found = distance(at, point);
    if (found < best.distance) best = { center, distance: found };
  }
  return best;
}

export function clusterOf(model: Clusters, columns: Columns, at: number): { center: number; distance: number } {
  const row = designRow(model.terms, columns, at, new Float64Array(model.terms.length + 1));
  const found = nearestOf(model.centroids, row.subarray(0, model.terms.length));
  return { center: found.center, distance: Math.sqrt(found.distance) };
}
