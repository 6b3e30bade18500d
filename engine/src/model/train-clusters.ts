import type { ModelReport } from '@datacraft/shared';
import { Fault, say } from '@datacraft/shared';
import { layOf } from './distribution.ts';
import type { Progress } from './forest.ts';
import { clusterOf, fitClusters } from './kmeans.ts';
import { seededRandom } from './random.ts';
import type { TrainTable } from './table.ts';
import type { Trained, TrainRequest } from './train.ts';

/** Finds groups; there is no hold-out, every row is told its own. */
export function trainClusters(request: TrainRequest, table: TrainTable, onProgress: Progress): Trained {
  const rows = Int32Array.from({ length: table.count }, (_, row) => row);
  const { clusters, steps, restarts } = request.params;
  if (table.features.length === 0)
    throw new Fault('query-failed', 'no column is left to group by: name some in `features`');
  if (rows.length < Number(clusters))
    throw new Fault(
      'query-failed',
      say('{rows} rows cannot be {clusters} clusters: ask for fewer', {
        rows: rows.length,
        clusters: String(clusters),
      }),
    );
  const params = { clusters: Number(clusters), steps: Number(steps), restarts: Number(restarts) };
  const random = seededRandom(request.seed);
  const { model, inertia } = fitClusters(table.features, table.columns, rows, params, random, onProgress);
  const found = Array.from(rows, (row) => clusterOf(model, table.columns, row));
  const sizes = model.centroids.map((_, at) => found.filter((each) => each.center === at).length);
  const report: ModelReport = {
    task: 'clustering',
    algorithm: request.algorithm,
    target: null,
    rows: { train: rows.length, test: 0, withoutTarget: 0 },
    metrics: { inertia, clusters: model.centroids.length },
    clusters: sizes.map((count, at) => ({ cluster: at, rows: count })),
    lay: { features: layOf(table.features, table.columns, rows), score: null },
    notes: [],
  };
  const prediction = Int32Array.from(found, (each) => each.center);
  return {
    body: model,
    report,
    scored: { rows, prediction, second: Float64Array.from(found, (each) => each.distance) },
  };
}
