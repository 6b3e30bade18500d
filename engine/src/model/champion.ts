import type { ChampionReport } from '@datacraft/shared';
import { classMetrics } from './class-metrics.ts';
import type { Feature } from './feature.ts';
import type { ModelFile } from './model-file.ts';
import { decodeModel } from './open-model.ts';
import { numberMetrics } from './number-metrics.ts';
import { likelihoods, numbers } from './predict.ts';
import type { TrainTable } from './table.ts';

/** How well the version that answers now does on the very rows that the new one is judged by; null when it cannot be told. */
export function judgeChampion(
  { version, bytes }: { readonly version: number; readonly bytes: Uint8Array },
  table: TrainTable,
  rows: Int32Array,
): ChampionReport | null {
  const file = decodeModel(bytes);
  const columns = columnsFor(file, table, rows);
  const { body, classes } = file;
  if (columns === null || body.kind === 'series' || body.kind === 'centroids') return null;
  const all = Int32Array.from(rows.keys());
  if (file.task === 'regression') {
    if (table.classes.length > 0) return null;
    const actual = Float64Array.from(rows, (row) => table.target?.[row] ?? 0);
    return { version, metrics: { ...numberMetrics(actual, numbers(body, columns, all)) } };
  }
  if (classes.length !== table.classes.length || classes.some((name) => !table.classes.includes(name))) return null;
  const likely = likelihoods(body, columns, all, classes.length);
  const own = table.classes.map((name) => likely[classes.indexOf(name)] ?? new Float64Array());
  return {
    version,
    metrics: {
      ...classMetrics(
        Int32Array.from(rows, (row) => table.target?.[row] ?? 0),
        own,
      ),
    },
  };
}

/** The rows as the older model knows them; null when it wants a feature that is not there. */
function columnsFor({ features }: ModelFile, table: TrainTable, rows: Int32Array): Float64Array[] | null {
  const found = features.map((feature) => {
    const at = table.features.findIndex(({ name, kind }) => name === feature.name && kind === feature.kind);
    const [own, values] = [table.features[at], table.columns[at]];
    if (own === undefined || values === undefined) return null;
    return Float64Array.from(rows, (row) => recoded(values[row] ?? NaN, own, feature));
  });
  const known = found.filter((column) => column !== null);
  return known.length === features.length ? known : null;
}

/** A category that the older model never saw is missing to it. */
function recoded(value: number, own: Feature, other: Feature): number {
  if (own.kind !== 'category' || Number.isNaN(value)) return value;
  const code = other.levels.indexOf(own.levels[value] ?? '');
  return code >= 0 ? code : other.pooled ? other.levels.length - 1 : NaN;
}
